package models

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// The crop that the family takes: RGB, 112 high, 96 wide.
const (
	CropChannels = 3
	CropHeight   = 112
	CropWidth    = 96
)

// DefaultEmbedding is the size of the embedding in the paper.
const DefaultEmbedding = 512

// stageChannels are the channels of the four stages: Table 2.
var stageChannels = [4]int{64, 128, 256, 512}

// member is one row of the family: how many residual units follow the strided
// convolution of each stage (Table 2).
type member struct {
	name  string
	units [4]int
}

var family = []member{
	{"sphereface4", [4]int{0, 0, 0, 0}},
	{"sphereface10", [4]int{0, 1, 2, 0}},
	{"sphereface20", [4]int{1, 2, 4, 1}},
	{"sphereface36", [4]int{2, 4, 8, 2}},
	{"sphereface64", [4]int{3, 8, 16, 3}},
}

// Names lists the members of the family, shallowest first.
func Names() []string {
	names := make([]string, len(family))
	for i, m := range family {
		names[i] = m.name
	}
	return names
}

// Options vary a member of the family. The zero value is the paper's network.
type Options struct {
	// Width multiplies the channels of every stage; 0 means 1.
	Width float64
	// Embedding is the number of elements of the embedding; 0 means 512.
	Embedding int
	// Init names the initialiser: "he" (also ""), "xavier" or "torch".
	Init string
}

// New returns the member of the SphereFace family called name.
func New(name string, o Options) (Network, error) {
	i := slices.IndexFunc(family, func(m member) bool { return m.name == name })
	if i < 0 {
		return Network{}, fmt.Errorf("models: unknown network %q: want one of %s", name, strings.Join(Names(), ", "))
	}
	if o.Width == 0 {
		o.Width = 1
	}
	if o.Embedding == 0 {
		o.Embedding = DefaultEmbedding
	}
	if !(o.Width > 0) || o.Width > 16 {
		return Network{}, fmt.Errorf("models: width %v of %s: want a factor above 0 and up to 16", o.Width, name)
	}
	if o.Embedding < 1 || o.Embedding > 1<<16 {
		return Network{}, fmt.Errorf("models: embedding %d of %s: want 1 to %d elements", o.Embedding, name, 1<<16)
	}
	init, err := newScheme(o.Init)
	if err != nil {
		return Network{}, err
	}
	return family[i].build(o, init), nil
}

func (m member) build(o Options, init scheme) Network {
	n := Network{Name: m.name, Input: Shape{CropChannels, CropHeight, CropWidth}}
	shape := n.Input
	add := func(l Layer) {
		l.In = shape
		n.Layers = append(n.Layers, l)
		shape = l.Out
	}
	for stage, channels := range stageChannels {
		c := max(1, int(math.Round(float64(channels)*o.Width)))
		// A 3×3 kernel with padding 1 halves an even side at stride 2 and
		// rounds an odd one up: 112 × 96 becomes 7 × 6 after four stages.
		half := Shape{c, (shape.H + 1) / 2, (shape.W + 1) / 2}
		down := Layer{Name: m.layerName(stage, 1), Kind: Conv, Out: half, Kernel: 3, Stride: 2, Pad: 1, Bias: true, init: init.conv}
		add(down)
		skip := down.Name
		for unit := range m.units[stage] {
			// The published prototxt holds the biases inside units at zero
			// (lr_mult 0), which is to have none.
			same := Layer{Kind: Conv, Out: half, Kernel: 3, Stride: 1, Pad: 1, init: init.residual}
			first, second := same, same
			first.Name = m.layerName(stage, 2*unit+2)
			second.Name = m.layerName(stage, 2*unit+3)
			second.Skip = skip
			add(first)
			add(second)
			skip = second.Name
		}
	}
	add(Layer{Name: "fc5", Kind: FullyConnected, Out: Shape{o.Embedding, 1, 1}, Bias: true, init: init.fc})
	return n
}

// layerName is "conv2" in the four-layer member, whose stages have one layer
// each, and "conv2_3" in the deeper ones, as in the published prototxt.
func (m member) layerName(stage, i int) string {
	if m.units == [4]int{} {
		return fmt.Sprintf("conv%d", stage+1)
	}
	return fmt.Sprintf("conv%d_%d", stage+1, i)
}

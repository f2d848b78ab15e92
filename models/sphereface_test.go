package models

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

func TestFamily(t *testing.T) {
	// Parameters counted apart from this code, over Table 2: a strided
	// convolution has 9·in·out + out (bias) + out (slopes), each of a unit's
	// two 9·c² + c, and fc5 512·512·7·6 + 512.
	tests := []struct {
		name   string
		convs  int
		params int
	}{
		{"sphereface4", 4, 12562496},
		{"sphereface10", 10, 15217984},
		{"sphereface20", 20, 22666944},
		{"sphereface36", 36, 32771392},
		{"sphereface64", 64, 48186816},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, err := New(test.name, Options{})
			if err != nil {
				t.Fatal(err)
			}
			convs := 0
			seen := map[string]Shape{}
			shape := n.Input
			for _, l := range n.Layers {
				if l.In != shape {
					t.Errorf("%s takes %v but follows %v", l.Name, l.In, shape)
				}
				if l.Kind == Conv {
					convs++
					if h := (l.In.H+2*l.Pad-l.Kernel)/l.Stride + 1; h != l.Out.H {
						t.Errorf("%s: height %d, want %d", l.Name, l.Out.H, h)
					}
					if w := (l.In.W+2*l.Pad-l.Kernel)/l.Stride + 1; w != l.Out.W {
						t.Errorf("%s: width %d, want %d", l.Name, l.Out.W, w)
					}
				}
				if l.Skip != "" && seen[l.Skip] != l.Out {
					t.Errorf("%s: skip %q has shape %v, want %v", l.Name, l.Skip, seen[l.Skip], l.Out)
				}
				seen[l.Name] = l.Out
				shape = l.Out
			}
			if convs != test.convs {
				t.Errorf("%d convolutions, want %d", convs, test.convs)
			}
			if n.ParamCount() != test.params {
				t.Errorf("%d parameters, want %d", n.ParamCount(), test.params)
			}
			if last := seen[n.Layers[len(n.Layers)-2].Name]; last != (Shape{512, 7, 6}) {
				t.Errorf("last map is %v, want 512×7×6", last)
			}
			if n.Embedding() != 512 {
				t.Errorf("embedding of %d, want 512", n.Embedding())
			}
		})
	}
}

func TestParamNames(t *testing.T) {
	identifier := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	for _, name := range Names() {
		n, err := New(name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, p := range n.Params() {
			if seen[p.Name] || !identifier.MatchString(p.Name) {
				t.Errorf("%s: parameter name %q is no C identifier or stands twice", name, p.Name)
			}
			seen[p.Name] = true
			if want := strings.HasSuffix(p.Name, "_weight"); p.Decay != want {
				t.Errorf("%s: weight decay of %s is %v, want %v", name, p.Name, p.Decay, want)
			}
		}
	}
	four, _ := New("sphereface4", Options{})
	var names []string
	for _, p := range four.Params() {
		names = append(names, fmt.Sprint(p.Name, p.Shape))
	}
	want := "conv1_weight[64 3 3 3] conv1_bias[64] prelu1_slope[64] conv2_weight[128 64 3 3] conv2_bias[128] prelu2_slope[128] " +
		"conv3_weight[256 128 3 3] conv3_bias[256] prelu3_slope[256] conv4_weight[512 256 3 3] conv4_bias[512] prelu4_slope[512] fc5_weight[512 21504] fc5_bias[512]"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("parameters\n%s, want\n%s", got, want)
	}
}

func TestOptions(t *testing.T) {
	n, err := New("sphereface4", Options{Width: 0.25, Embedding: 128})
	if err != nil {
		t.Fatal(err)
	}
	if n.Layers[3].Out != (Shape{128, 7, 6}) || n.Embedding() != 128 {
		t.Errorf("width 0.25 gives %v and embedding %d, want 128×7×6 and 128", n.Layers[3].Out, n.Embedding())
	}
	bad := []struct {
		name string
		o    Options
		want string
	}{
		{"sphereface5", Options{}, `unknown network "sphereface5"`},
		{"sphereface4", Options{Width: -1}, "width -1"},
		{"sphereface4", Options{Embedding: -2}, "embedding -2"},
		{"sphereface4", Options{Init: "zero"}, `unknown initialiser "zero"`},
	}
	for _, b := range bad {
		if _, err := New(b.name, b.o); err == nil || !strings.Contains(err.Error(), b.want) {
			t.Errorf("New(%q, %+v): error %v, want %q", b.name, b.o, err, b.want)
		}
	}
}

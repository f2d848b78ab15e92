package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ordered"
)

func verifyCommand() command {
	return command{
		name: "verify", arguments: "A B", summary: "do two photos show the same person?",
		details: `Compares the faces in two photos (JPEG, PNG, WebP or BMP) and says whether they
show the same person: whether their similarity is at least the threshold.
Exits with 0 for the same person, 1 for different people, 2 for trouble, 130 when
interrupted.

Of several faces in a photo it takes the most prominent, which is large and near
the centre, and says how many it saw; --face takes another one, in the order of
infer detect, and --all compares every face of A with every face of B: the same
person if any two of them are. An image of 96×112 pixels is taken for an aligned crop
as it is, and with --no-detect so is one of another size and that shape. A model
whose alignment is fixed was trained without a detector, and cuts the same frame
out of every photo; --alignment detect looks for faces all the same.

With --explain it draws the comparison: both photos with faces and points, both
crops, and the similarity beside the threshold; with --all that of the most similar
pair.

With --json it prints verified (true or false), similarity, threshold, model, metric,
time_ms (from reading the photos to the verdict, without loading the model), and in
images for each photo: path, width and height in pixels once it is turned upright,
alignment (none if it is an aligned crop already), face (the number of the one that is
compared), crop, where it was cut out: four corners [x,y] in pixels of the upright
photo, measured from its upper left corner, clockwise from the crop's upper left
one, and faces, all that were seen; see infer detect --help. With --all it prints pairs,
too: of each the numbers of the faces, a and b, similarity and verified; the rest is of
the most similar pair.`,
		flags: func(f *flags) {
			f.addModel()
			f.addThreshold()
			f.addFaces()
			f.addExplain()
			f.addJSON()
			f.addNoDetect()
			f.addTimeout()
			f.addRuntime()
			f.addMetadata()
		},
		reads: true,
		run:   verify,
	}
}

// verdict is what verify finds, and its JSON.
type verdict struct {
	Verified   bool      `json:"verified"`
	Similarity float64   `json:"similarity"`
	Threshold  float64   `json:"threshold"`
	Model      string    `json:"model"`
	Metric     string    `json:"metric"`
	TimeMS     float64   `json:"time_ms"` // from reading the photos to the verdict, without loading the model
	Images     []photo   `json:"images"`
	Pairs      facePairs `json:"pairs,omitempty"`
}

func verify(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	if len(o.arguments) != 2 {
		return fmt.Errorf("verify takes two images, got %d; see infer verify --help", len(o.arguments))
	}
	if o.explain != "" {
		if err := (outFile{"--explain", o.explain, []string{".png"}}).check(o.arguments...); err != nil {
			return err
		}
	}
	if err := checkPhotos(o.arguments); err != nil {
		return err
	}
	m, err := openModel(o, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	start := time.Now()
	photos, err := m.readPair(ctx, o)
	if err != nil {
		return err
	}
	pairs, err := m.compare(ctx, photos, o)
	if err != nil {
		return err
	}
	v := m.verdict(photos, pairs, o)
	v.TimeMS = math.Round(time.Since(start).Seconds()*1e5) / 100
	if !o.json {
		m.warnUnasked(stderr)
		o.warnFixed(stderr, photos)
		for i, p := range photos {
			o.warn(stderr, p, v.Images[i].Chosen)
		}
	}
	if err := printResult(stdout, o.json, v, v.String()); err != nil {
		return err
	}
	// The verdict comes first: a picture that fails does not take it away.
	if o.explain != "" {
		if err := v.explain(o.explain, photos, pairs.best()); err != nil {
			return err
		}
	}
	if !v.Verified {
		return errDifferent
	}
	return nil
}

// readPair reads the two photos. Of two errors it is the first one's.
func (m *model) readPair(ctx context.Context, o options) (photos [2]*sphereface.Photo, err error) {
	i := 0
	for p, err := range ordered.Map(ctx, len(photos), o.workers(), len(photos), func(ctx context.Context, i int) (*sphereface.Photo, error) {
		return sphereface.ReadPhoto(ctx, o.arguments[i], m.alignment, o.limits)
	}) {
		if err != nil {
			return photos, withoutDetector(err)
		}
		photos[i] = p
		i++
	}
	return photos, nil
}

// compare judges the faces that are meant: one pair, or all.
func (m *model) compare(ctx context.Context, photos [2]*sphereface.Photo, o options) (facePairs, error) {
	var meant [2][]int
	var crops []sphereface.Crop
	for i, p := range photos {
		var err error
		if meant[i], err = o.faces.of(p, i); err != nil {
			return nil, err
		}
		for _, n := range meant[i] {
			crops = append(crops, p.Crops[n])
		}
	}
	embeddings, err := m.EmbedCrops(ctx, crops)
	if err != nil {
		return nil, err
	}
	var pairs facePairs
	for i, a := range meant[0] {
		for j, b := range meant[1] {
			v, err := m.Judge(embeddings[i], embeddings[len(meant[0])+j])
			if err != nil {
				return nil, err
			}
			pairs = append(pairs, facePair{A: a + 1, B: b + 1, Verdict: v})
		}
	}
	return pairs, nil
}

// verdict is that of the most similar pair.
func (m *model) verdict(photos [2]*sphereface.Photo, pairs facePairs, o options) verdict {
	best := pairs.best()
	v := verdict{
		Verified: best.Same, Similarity: best.Similarity, Threshold: best.Threshold,
		Model: m.path, Metric: onnx.Metric,
		Images: []photo{describe(photos[0], best.A-1), describe(photos[1], best.B-1)},
	}
	if o.faces.all {
		v.Pairs = pairs
	}
	return v
}

// String is the verdict for people, a line, after a table of all pairs if there is
// one.
func (v verdict) String() string {
	if v.Verified {
		return v.Pairs.String() + fmt.Sprintf("same person: similarity %.4f, at least the threshold %.4f (%.0f ms)\n", v.Similarity, v.Threshold, v.TimeMS)
	}
	return v.Pairs.String() + fmt.Sprintf("different people: similarity %.4f, below the threshold %.4f (%.0f ms)\n", v.Similarity, v.Threshold, v.TimeMS)
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"time"

	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/verification"
)

func verifyCommand() command {
	return command{
		name: "verify", arguments: "A B", summary: "do two photos show the same person?",
		details: `Compares the faces in two photos (JPEG, PNG, WebP or BMP) and says whether they
show the same person: whether their similarity is at least the threshold.
Exits with 0 for the same person, 1 for different people, 2 for trouble, 130 when
interrupted.

With --json it prints verified (true or false), similarity, threshold, model, metric,
time_ms (from reading the photos to the verdict, without loading the model), and in
images for each photo: path, width and height in pixels once it is turned upright,
alignment (none if it is an aligned crop already), and crop, where the face was cut
out: four corners [x,y] in pixels of the upright photo, measured from its upper left
corner, clockwise from the crop's upper left one.`,
		flags: func(f *flags) { f.addModel(); f.addThreshold(); f.addJSON(); f.addRuntime(); f.addMetadata() },
		run:   verify,
	}
}

// verdict is what verify finds, and its JSON.
type verdict struct {
	Verified   bool    `json:"verified"`
	Similarity float64 `json:"similarity"`
	Threshold  float64 `json:"threshold"`
	Model      string  `json:"model"`
	Metric     string  `json:"metric"`
	TimeMS     float64 `json:"time_ms"` // from reading the photos to the verdict, without loading the model
	Images     []photo `json:"images"`
}

func verify(ctx context.Context, o options, stdout, _ io.Writer) (err error) {
	if len(o.arguments) != 2 {
		return fmt.Errorf("verify takes two images, got %d; see infer verify --help", len(o.arguments))
	}
	m, err := openModel(o, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.close()) }()
	v, err := m.compare(ctx, o.arguments, o.workers())
	if err != nil {
		return err
	}
	if err := printResult(stdout, o.json, v, v.String()); err != nil {
		return err
	}
	if !v.Verified {
		return errDifferent
	}
	return nil
}

// compare judges two photos.
func (m *model) compare(ctx context.Context, paths []string, workers int) (verdict, error) {
	start := time.Now()
	photos, err := m.readPhotos(ctx, paths, workers)
	if err != nil {
		return verdict{}, err
	}
	features, err := m.features(photos)
	if err != nil {
		return verdict{}, err
	}
	v := verdict{
		Similarity: verification.Cosine(features[0], features[1]),
		Threshold:  m.contract.Threshold.Value,
		Model:      m.path,
		Metric:     onnx.Metric,
		Images:     photos,
	}
	v.Verified = v.Similarity >= v.Threshold
	v.TimeMS = math.Round(time.Since(start).Seconds()*1e5) / 100
	return v, nil
}

// String is the verdict for people, a line.
func (v verdict) String() string {
	if v.Verified {
		return fmt.Sprintf("same person: similarity %.4f, at least the threshold %.4f (%.0f ms)\n", v.Similarity, v.Threshold, v.TimeMS)
	}
	return fmt.Sprintf("different people: similarity %.4f, below the threshold %.4f (%.0f ms)\n", v.Similarity, v.Threshold, v.TimeMS)
}

// printResult prints a result as JSON or for people.
func printResult(stdout io.Writer, asJSON bool, result any, text string) error {
	return printOut(stdout, func(to io.Writer) error {
		if !asJSON {
			_, err := io.WriteString(to, text)
			return err
		}
		var data bytes.Buffer
		encoder := json.NewEncoder(&data)
		encoder.SetEscapeHTML(false) // paths stay readable
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(result); err != nil {
			return err
		}
		_, err := to.Write(numberLists.ReplaceAllFunc(data.Bytes(), joinLines))
		return err
	})
}

// numberLists are the lists of nothing but numbers in indented JSON. No text holds
// such a thing, as a line break is escaped there.
var numberLists = regexp.MustCompile(`\[\n[-+.,\s\deE]*\]`)

// joinLines puts a list of numbers, such as a point, on one line.
func joinLines(list []byte) []byte {
	numbers := bytes.Fields(bytes.Trim(list, "[]"))
	return slices.Concat([]byte("["), bytes.Join(numbers, []byte(" ")), []byte("]"))
}

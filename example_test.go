package sphereface_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"log"

	"github.com/sphereface-go/sphereface"
)

// Whether two photos show the same person. A model that was trained on faces that
// a detector had found needs no Metadata; this small one was not.
func Example() {
	ctx := context.Background()
	m, err := sphereface.Open("testdata/sphereface4-tiny.onnx", sphereface.Options{
		Metadata:      map[string]string{"alignment": "detect"},
		NeedThreshold: true,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()

	a, err := sphereface.ReadFile(ctx, "testdata/faces/astronaut.jpg", sphereface.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	// The same photo once more, without its left and upper edge.
	b := a.(interface {
		SubImage(image.Rectangle) image.Image
	}).SubImage(image.Rect(40, 10, 512, 512))

	v, err := m.Compare(ctx, a, b)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("same: %v, similarity %.1f, threshold %.4f\n", v.Same, v.Similarity, v.Threshold)
	// Output: same: true, similarity 1.0, threshold 0.3125
}

// Where the faces are, and how good. No model is needed.
func ExampleDetect() {
	ctx := context.Background()
	img, err := sphereface.ReadFile(ctx, "testdata/faces/astronaut.jpg", sphereface.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	faces, err := sphereface.Detect(ctx, img)
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range faces {
		fmt.Printf("%.0f pixels wide, turned by %.0f°, eyes %.0f pixels apart, quality %.1f\n", f.Side, f.Angle(), f.EyeDistance(), f.Quality())
	}
	// Output: 106 pixels wide, turned by 3°, eyes 45 pixels apart, quality 1.0
}

// The crop of a face whose points come from another detector.
func ExampleCutFace() {
	img, err := sphereface.ReadFile(context.Background(), "testdata/faces/astronaut.jpg", sphereface.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	crop, err := sphereface.CutFace(img, sphereface.Face{
		Points: [5][2]float64{{202, 100}, {247, 102}, {225, 127}, {203, 141}, {244, 143}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(crop.Image().Bounds().Size())
	// Output: (96,112)
}

// One person out of several that are known: their embeddings are computed once.
func ExampleModel_Judge() {
	ctx := context.Background()
	m, err := sphereface.Open("testdata/sphereface4-tiny.onnx", sphereface.Options{
		Metadata: map[string]string{"alignment": "detect"},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()

	known := make(map[string][]float32)
	for photo, err := range m.EmbedFiles(ctx, []string{"testdata/faces/astronaut.jpg"}, m.Alignment()) {
		if err != nil {
			log.Fatal(err)
		}
		known[photo.Name] = photo.Embedding
	}

	visitor, err := sphereface.ReadFile(ctx, "testdata/faces/astronaut.jpg", sphereface.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	embedding, err := m.Embed(ctx, visitor)
	if none, ok := errors.AsType[*sphereface.NoFaceError](err); ok {
		fmt.Println("come nearer:", none)
	} else if err != nil {
		log.Fatal(err)
	}
	for name, e := range known {
		v, err := m.Judge(embedding, e)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(name, v.Same)
	}
	// Output: testdata/faces/astronaut.jpg true
}

// All faces of a photo, with the best of them first.
func ExampleModel_EmbedCrops() {
	ctx := context.Background()
	m, err := sphereface.Open("testdata/sphereface4-tiny.onnx", sphereface.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()

	photo, err := sphereface.ReadPhoto(ctx, "testdata/faces/astronaut.jpg", sphereface.AlignDetect, sphereface.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	embeddings, err := m.EmbedCrops(ctx, photo.Crops)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d face, embedding of %d elements\n", len(photo.Faces), len(embeddings[0]))
	// Output: 1 face, embedding of 32 elements
}

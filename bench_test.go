package sphereface_test

import (
	"fmt"
	"image"
	"image/draw"
	"os"
	"path/filepath"
	"testing"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/models"
)

// full is the file of an untrained network of the default size: its speed is a
// trained one's.
func full(b *testing.B) []byte {
	b.Helper()
	net, err := models.New("sphereface4", models.Options{Width: 1, Embedding: 512})
	if err != nil {
		b.Fatal(err)
	}
	contract := onnx.Contract{
		Network: net.Name, Width: 1, Embedding: net.Embedding(),
		CropHeight: 112, CropWidth: 96, Mean: 127.5, Std: 128,
		Template: template, Alignment: string(sphereface.AlignDetect), Mirror: true,
		TrainingData: "none", TrainingResult: "not trained", ConfigSHA256: fmt.Sprintf("%064d", 0),
	}
	data, err := onnx.Encode(net, net.Initialize(1), contract, onnx.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return data
}

// From the file of a model to one that is ready.
func BenchmarkOpen(b *testing.B) {
	path := filepath.Join(b.TempDir(), "model.onnx")
	if err := os.WriteFile(path, full(b), 0o600); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		m, err := sphereface.Open(path, sphereface.Options{})
		if err != nil {
			b.Fatal(err)
		}
		m.Close()
	}
}

var template = [5][2]float64{{30.2946, 51.6963}, {65.5318, 51.5014}, {48.0252, 71.7366}, {33.5493, 92.3655}, {62.7299, 92.2041}}

// photos are files of 250×250 pixels, as LFW has them, each with a face.
func photos(b *testing.B, n int) []string {
	b.Helper()
	portrait := read(b, portrait)
	dir := b.TempDir()
	paths := make([]string, n)
	for i := range paths {
		img := image.NewRGBA(image.Rect(0, 0, 250, 250))
		draw.Draw(img, img.Rect, portrait, image.Pt(80+i%20, 10+i%7), draw.Src)
		paths[i] = save(b, filepath.Join(dir, fmt.Sprintf("%d.jpg", i)), img)
	}
	return paths
}

// From files to embeddings, in photos a second: all of it, and its stages alone.
func BenchmarkPhotos(b *testing.B) {
	m, err := sphereface.OpenBytes(full(b), sphereface.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	paths := photos(b, 64)
	rate := func(b *testing.B) { b.ReportMetric(float64(b.N*len(paths))/b.Elapsed().Seconds(), "photos/s") }
	b.Run("EmbedFiles", func(b *testing.B) {
		for b.Loop() {
			for _, err := range m.EmbedFiles(b.Context(), paths, sphereface.AlignDetect) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		rate(b)
	})
	b.Run("ReadPhoto", func(b *testing.B) {
		for b.Loop() {
			for _, path := range paths {
				if _, err := sphereface.ReadPhoto(b.Context(), path, sphereface.AlignDetect, sphereface.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		}
		rate(b)
	})
	var crops []sphereface.Crop
	for _, path := range paths {
		p, err := sphereface.ReadPhoto(b.Context(), path, sphereface.AlignDetect, sphereface.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		crops = append(crops, p.Crops[0])
	}
	b.Run("EmbedCrops", func(b *testing.B) {
		for b.Loop() {
			if _, err := m.EmbedCrops(b.Context(), crops); err != nil {
				b.Fatal(err)
			}
		}
		rate(b)
	})
}

// Package sphereface tells whether two photos show the same person, with a model
// that this project's export wrote, or another one of the same kind.
//
//	m, err := sphereface.Open("model.onnx", sphereface.Options{})
//	…
//	defer m.Close()
//	v, err := m.Compare(ctx, imageA, imageB)
//	if err == nil && v.Same { … }
//
// The way from a photo to a verdict has steps, each of which can be had alone:
//
//   - [ReadFile] and [Decode] read a JPEG, PNG, WebP or BMP under [Limits] and turn
//     it upright by its EXIF orientation. Any other [image.Image] will do, too.
//   - [Detect] finds the faces in an image. [NewPhoto] and [ReadPhoto] find them and
//     give their crops: aligned, 96 pixels wide and 112 high, byte for byte as in
//     training.
//   - [Model.EmbedCrops], [Model.Embed] and [Model.EmbedFiles] compute embeddings:
//     what the model's contract says, so that two are compared by their cosine.
//   - [Model.Judge] and [Model.Compare] compare two with the model's threshold.
//
// All of a model's pre-processing, and its threshold, are read from its metadata;
// docs/onnx.md documents the keys. ONNX Runtime computes: its shared library is
// looked for as [Options] says, and
//
//	go run github.com/sphereface-go/sphereface/internal/ort/fetch@latest --out .
//
// puts it into a folder. Detecting and cropping need neither a model nor
// ONNX Runtime.
//
// Everything is safe for concurrent use, and stops within a fraction of a second
// once its context is done; but for a large WebP, which is decoded to its end, in up
// to three seconds. A model trained on few people knows few: do not let it
// decide about anyone.
package sphereface

// Package face turns a photo into the aligned crop that the network sees.
//
// Training and inference call the same code, because a difference between the
// two ways to a crop is the usual cause of bad results in face recognition.
// The way has four steps, each exported on its own:
//
//   - Limits.Decode reads a JPEG, PNG, WebP or BMP file under limits that are
//     checked before any pixel is decoded, and applies its EXIF orientation.
//   - Detect finds the faces and their five points, by the cascades of package
//     pico.
//   - Similarity fits the transform (scale, rotation, translation) that takes
//     points of the photo onto Template, by least squares.
//   - Warp samples the photo under that transform with bilinear interpolation.
//
// Alignment.ReadCropOrFixed does all of it for an alignment by name. The result, Crop,
// is 8-bit RGB of 112 rows and 96 columns; Crop.Tensor gives the network's
// input from it.
//
// The same photo gives the same crop, byte for byte, on every run and processor:
// arithmetic that decides a byte is that of integers, or of floating point without
// fused operations and without functions that differ between processors.
package face

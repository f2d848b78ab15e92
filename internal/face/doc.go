// Package face turns a photo into the aligned crop that the network sees.
//
// Training and inference call the same code, because a difference between the
// two ways to a crop is the usual cause of bad results in face recognition.
// The way has three steps, each exported on its own:
//
//   - Decode and ReadFile read a JPEG, PNG, WebP or BMP file under limits that
//     are checked before any pixel is decoded, and apply its EXIF orientation;
//     DecodeContext and ReadFileContext stop when a context is done.
//   - Similarity fits the transform (scale, rotation, translation) that takes
//     points of the photo onto Template, by least squares.
//   - Warp samples the photo under that transform with bilinear interpolation.
//
// Alignment.Crop does the last two for an alignment by name. The result, Crop,
// is 8-bit RGB of 112 rows and 96 columns; Crop.Tensor gives the network's
// input from it.
package face

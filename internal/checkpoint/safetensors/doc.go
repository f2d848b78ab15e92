// Package safetensors reads and writes the safetensors format of Hugging Face
// (https://github.com/huggingface/safetensors, "Format"): eight bytes that
// hold the length of the header as a little-endian integer, the header as a
// JSON object, then the values of all tensors without a gap. A file can be
// opened from Python with the safetensors package.
//
// Only float32 tensors are handled; checkpoints hold nothing else. The reader
// is strict: what the header promises must be exactly what the file holds.
package safetensors

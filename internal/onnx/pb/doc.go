// Package pb is the protobuf binding of the part of the public ONNX
// intermediate representation that sphereface writes and reads.
//
// The schema is sphereface_onnx.proto, the generated code is committed. Running
//
//	go generate ./internal/onnx/...
//
// rebuilds it with nothing to install: the compiler (protocompile) and the code
// generator (protoc-gen-go) are both pinned in go.mod.
package pb

//go:generate go run ./generate sphereface_onnx.proto

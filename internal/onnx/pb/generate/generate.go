package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path"

	"github.com/bufbuild/protocompile"
	"github.com/bufbuild/protocompile/protoutil"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/pluginpb"
)

// generate compiles file of directory dir and returns the name and the text of
// the Go file that protoc-gen-go makes of it. The schema must import nothing.
func generate(ctx context.Context, dir, file string) (name string, source []byte, err error) {
	request, err := compile(ctx, dir, file)
	if err != nil {
		return "", nil, err
	}
	response, err := plugin(ctx, dir, request)
	if err != nil {
		return "", nil, err
	}
	if len(response.File) != 1 {
		return "", nil, fmt.Errorf("protoc-gen-go made %d files of %s, want one", len(response.File), file)
	}
	return path.Base(response.File[0].GetName()), []byte(response.File[0].GetContent()), nil
}

// compile parses the schema into the request that protoc would send to a plugin.
func compile(ctx context.Context, dir, file string) (*pluginpb.CodeGeneratorRequest, error) {
	compiler := protocompile.Compiler{
		Resolver:       &protocompile.SourceResolver{ImportPaths: []string{dir}},
		SourceInfoMode: protocompile.SourceInfoStandard, // the comments become Go's
	}
	files, err := compiler.Compile(ctx, file)
	if err != nil {
		return nil, err
	}
	return &pluginpb.CodeGeneratorRequest{
		FileToGenerate: []string{file},
		Parameter:      proto.String("paths=source_relative"),
		ProtoFile:      []*descriptorpb.FileDescriptorProto{protoutil.ProtoFromFileDescriptor(files[0])},
	}, nil
}

// plugin runs protoc-gen-go as protoc does: request on its standard input,
// response on its standard output.
func plugin(ctx context.Context, dir string, request *pluginpb.CodeGeneratorRequest) (*pluginpb.CodeGeneratorResponse, error) {
	in, err := proto.Marshal(request)
	if err != nil {
		return nil, err
	}
	var out, messages bytes.Buffer
	cmd := exec.CommandContext(ctx, "go", "tool", "protoc-gen-go")
	cmd.Dir = dir
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &messages
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go tool protoc-gen-go: %w: %s", err, bytes.TrimSpace(messages.Bytes()))
	}
	response := new(pluginpb.CodeGeneratorResponse)
	if err := proto.Unmarshal(out.Bytes(), response); err != nil {
		return nil, fmt.Errorf("go tool protoc-gen-go: read its response: %w", err)
	}
	if response.Error != nil {
		return nil, errors.New("protoc-gen-go: " + response.GetError())
	}
	return response, nil
}

package main

import (
	"context"
	"io"

	"github.com/sphereface-go/sphereface/internal/dataset"
)

func data(_ context.Context, o dataOptions, stdout, _ io.Writer) error {
	_, err := dataset.OpenLFW(o.root)
	return err
}

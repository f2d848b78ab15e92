//go:build !amd64

package kernel

func levels() []*level { return []*level{portable} }

func bf16Level(*level) *level { return nil }

//go:build !amd64

package pico

func levels() []level { return []level{portable} }

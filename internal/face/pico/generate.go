package pico

//go:generate go run ./generate -out avx2_amd64.s

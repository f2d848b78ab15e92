package kernel

//go:generate go run ./generate -isa avx2 -out avx2_amd64.s
//go:generate go run ./generate -isa avx512 -out avx512_amd64.s
//go:generate go run ./generate -isa bf16 -out bf16_amd64.s

package kernel

import "testing"

func BenchmarkMicro(b *testing.B) {
	const k, panels = 512, 16
	x, y := make([]float32, k*microRows*panels), make([]float32, k*microCols)
	for i := range x {
		x[i] = float32(i%7) - 3
	}
	for i := range y {
		y[i] = float32(i%5) - 2
	}
	var c tile
	i := 0
	for b.Loop() {
		o := i % panels * k * microRows
		micro(&c, x[o:o+k*microRows], y)
		i++
	}
	reportGFLOPS(b, len(c)*k)
}

// reportGFLOPS reports the speed of a benchmark whose every iteration does that
// many multiply-adds.
func reportGFLOPS(b *testing.B, multiplyAdds int) {
	b.ReportMetric(2*float64(multiplyAdds)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOPS")
}

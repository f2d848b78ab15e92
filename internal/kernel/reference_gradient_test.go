package kernel

import (
	"math"
	"testing"
)

// The gradients that the kernels are compared with must be the derivatives of
// the convolution that they are compared with: central differences in float64.
// The sum of dy·y is linear in x and in w between two kinks, so that the
// differences are exact but for rounding; dslope uses z rounded to float32.
func TestReferenceGradient(t *testing.T) {
	s := ConvShape{N: 2, C: 3, H: 5, W: 4, OutC: 2, Kernel: 3, Stride: 2, Pad: 1}
	p := randomConv(s, 11)
	loss := func() (sum float64) {
		_, y := referenceConv(s, p.x, p.w, p.bias, p.slope, p.skip)
		for i, v := range y.value {
			sum += v * float64(p.dy[i])
		}
		return sum
	}
	zs, _ := referenceConv(s, p.x, p.w, p.bias, p.slope, p.skip)
	z := make([]float32, len(zs.value))
	for i, v := range zs.value {
		z[i] = float32(v)
	}
	g := referenceConvGrad(portable, s, p.dy, p.x, p.w, p.slope, z)
	for _, tensor := range []struct {
		name  string
		value []float32
		grad  *reference
	}{{"x", p.x, g.dx}, {"w", p.w, g.dw}, {"bias", p.bias, g.dbias}, {"slope", p.slope, g.dslope}} {
		for i, v := range tensor.value {
			tensor.value[i] = v + 1e-4
			above, high := loss(), tensor.value[i]
			tensor.value[i] = v - 1e-4
			below, low := loss(), tensor.value[i]
			tensor.value[i] = v
			got := (above - below) / (float64(high) - float64(low))
			if math.Abs(got-tensor.grad.value[i]) > 2*epsilon*(1+tensor.grad.magnitude[i]) {
				t.Errorf("d%s[%d] = %v, by differences %v", tensor.name, i, tensor.grad.value[i], got)
			}
		}
	}
}

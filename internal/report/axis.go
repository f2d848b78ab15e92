package report

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// epochs sets the horizontal axis: whole epochs with some room on either side.
func epochs(p *plot.Plot, rows []Row) {
	first, last := float64(rows[0].Epoch), float64(rows[len(rows)-1].Epoch)
	room := max((last-first)*0.02, 0.5)
	p.X.Min, p.X.Max = first-room, last+room
	p.X.Tick.Marker = ticks(1)
}

// ticks puts labels at multiples of 1, 2 or 5 times a power of ten, at most eleven
// of them and at least least apart.
func ticks(least float64) plot.TickerFunc {
	return func(low, high float64) []plot.Tick {
		step := math.Pow(10, math.Floor(math.Log10(high-low))-2)
		for i := 0; (high-low)/step > 11 || step < least; i++ {
			step *= []float64{2, 2.5, 2}[i%3] // 1 2 5 10 20 50 …
		}
		var ticks []plot.Tick
		for k := math.Ceil(low/step) + 0; k*step <= high; k++ { // no -0
			ticks = append(ticks, plot.Tick{Value: k * step, Label: strconv.FormatFloat(k*step, 'g', 6, 64)})
		}
		return ticks
	}
}

// decades puts a label at each power of ten and small ticks between.
func decades(low, high float64) []plot.Tick {
	var ticks []plot.Tick
	for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
		for k := 1.0; k < 10; k++ {
			v := k * math.Pow(10, e)
			if v < low || v > high*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: min(v, high)}
			if k == 1 {
				t.Label = strconv.FormatFloat(v, 'g', 1, 64)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

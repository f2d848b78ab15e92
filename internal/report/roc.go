package report

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"

	"github.com/sphereface-go/sphereface/internal/verification"
)

// A Curve is one line of a ROC plot.
type Curve struct {
	Name   string
	Result verification.Result
}

// Scale is that of the false-accept rate in a ROC plot.
type Scale uint8

const (
	Linear Scale = iota // 0 to 1
	Log                 // from half of the least rate that the pairs can show to 1
)

// PlotROC draws receiver operating characteristics, the true-accept rate over the
// false-accept rate, to a PNG file. The legend gives the area under each curve and
// its equal error rate.
func PlotROC(path string, scale Scale, curves ...Curve) error {
	p, err := rocPlot(scale, curves)
	return save(path, p, err)
}

func rocPlot(scale Scale, curves []Curve) (*plot.Plot, error) {
	if len(curves) == 0 {
		return nil, errors.New("no curve to draw")
	}
	p := newPlot("Receiver operating characteristic", "false-accept rate", "true-accept rate")
	p.X.Min, p.X.Max, p.Y.Min, p.Y.Max = 0, 1, 0, 1
	if scale == Log {
		p.X.Min = leastFAR(curves) / 2
		p.X.Scale = plot.LogScale{}
		p.X.Tick.Marker = plot.TickerFunc(decades)
	}
	if err := addChance(p); err != nil {
		return nil, err
	}
	for i, c := range curves {
		if len(c.Result.ROC) < 2 {
			return nil, fmt.Errorf("curve %q has %d points", c.Name, len(c.Result.ROC))
		}
		name := fmt.Sprintf("AUC %.4f, EER %.2f%%", c.Result.AUC, 100*c.Result.EER)
		if c.Name != "" {
			name = c.Name + ": " + name
		}
		if err := addLine(p, name, corners(c.Result.ROC, p.X.Min), i, false); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// corners are the points of a curve from the least false-accept rate on: what lies
// to the left of it ends on the edge, at the rate that holds there.
func corners(roc []verification.Point, least float64) plotter.XYs {
	var xys plotter.XYs
	for i, q := range roc {
		if q.FAR > least && i > 0 && len(xys) == 0 && least > 0 {
			// Between two points pairs cannot be told apart: the lower rate is
			// sure, and on a log axis a slanted line would mislead.
			xys = append(xys, plotter.XY{X: least, Y: roc[i-1].TAR}, plotter.XY{X: q.FAR, Y: roc[i-1].TAR})
		}
		if q.FAR >= least && (least == 0 || q.FAR > 0) {
			xys = append(xys, plotter.XY{X: q.FAR, Y: q.TAR})
		}
	}
	return xys
}

// leastFAR is the least false-accept rate above 0 in the curves.
func leastFAR(curves []Curve) float64 {
	least := 0.1
	for _, c := range curves {
		for _, q := range c.Result.ROC {
			if q.FAR > 0 {
				least = min(least, q.FAR)
			}
		}
	}
	return least
}

// addChance adds the line of a guess, where both rates are alike.
func addChance(p *plot.Plot) error {
	const n = 64
	var xys plotter.XYs
	for i := range n + 1 {
		v := p.X.Min + (1-p.X.Min)*float64(i)/n
		if p.X.Min > 0 {
			v = p.X.Min * math.Pow(1/p.X.Min, float64(i)/n)
		}
		xys = append(xys, plotter.XY{X: v, Y: v})
	}
	line, err := plotter.NewLine(xys)
	if err != nil {
		return err
	}
	line.Color, line.Width = faint, vg.Points(1)
	line.Dashes = []vg.Length{vg.Points(4), vg.Points(4)}
	p.Add(line)
	return nil
}

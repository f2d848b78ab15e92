package report

import (
	"errors"
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

const (
	plotWidth  = 7 * vg.Inch
	plotHeight = 4.5 * vg.Inch
	plotDPI    = 144
)

// palette is that of Okabe and Ito ("Color universal design", 2008), which people
// with any kind of colour blindness can tell apart; its yellow, too pale for a
// line, is left out.
var palette = []color.Color{
	color.RGBA{0x00, 0x72, 0xb2, 0xff},
	color.RGBA{0xd5, 0x5e, 0x00, 0xff},
	color.RGBA{0x00, 0x9e, 0x73, 0xff},
	color.RGBA{0xcc, 0x79, 0xa7, 0xff},
	color.RGBA{0x56, 0xb4, 0xe9, 0xff},
	color.RGBA{0xe6, 0x9f, 0x00, 0xff},
	color.RGBA{0x00, 0x00, 0x00, 0xff},
}

var faint = color.Gray{0xd8}

// PlotAccuracy draws the accuracy by epoch to a PNG file: that of the
// classification of the training images, and that of the verification of held-out
// people with one standard error up and down.
func PlotAccuracy(path string, rows []Row) error {
	p, err := accuracyPlot(rows)
	return save(path, p, err)
}

// PlotLoss draws the training loss by epoch to a PNG file.
func PlotLoss(path string, rows []Row) error {
	p, err := lossPlot(rows)
	return save(path, p, err)
}

var errNoRows = errors.New("no epoch to draw yet")

func accuracyPlot(rows []Row) (*plot.Plot, error) {
	if len(rows) == 0 {
		return nil, errNoRows
	}
	var training plotter.XYs
	var validation points
	for _, r := range rows {
		training = append(training, plotter.XY{X: float64(r.Epoch), Y: 100 * r.Accuracy})
		if v := r.Validation; v != nil {
			validation.XYs = append(validation.XYs, plotter.XY{X: float64(r.Epoch), Y: 100 * v.Accuracy})
			e := 100 * v.StdErr
			validation.YErrors = append(validation.YErrors, struct{ Low, High float64 }{e, e})
		}
	}
	p := newPlot("Accuracy by epoch", "epoch", "accuracy in %")
	p.Y.Min, p.Y.Max = 0, 100
	epochs(p, rows)
	if err := addLine(p, "training: classification", training, 0, len(training) < 60); err != nil {
		return nil, err
	}
	if len(validation.XYs) > 0 {
		last := rows[0].Validation
		for _, r := range rows {
			if r.Validation != nil {
				last = r.Validation
			}
		}
		name := fmt.Sprintf("validation: verification of held-out people (last %.1f ± %.1f)", 100*last.Accuracy, 100*last.StdErr)
		if err := addLine(p, name, validation.XYs, 1, true); err != nil {
			return nil, err
		}
		bars, err := plotter.NewYErrorBars(validation)
		if err != nil {
			return nil, err
		}
		bars.Color, bars.Width = palette[1], vg.Points(1)
		p.Add(bars)
	}
	return p, nil
}

// points carries error bars.
type points struct {
	plotter.XYs
	plotter.YErrors
}

func lossPlot(rows []Row) (*plot.Plot, error) {
	if len(rows) == 0 {
		return nil, errNoRows
	}
	var loss plotter.XYs
	top := 0.0
	for _, r := range rows {
		loss = append(loss, plotter.XY{X: float64(r.Epoch), Y: r.Loss})
		top = max(top, r.Loss)
	}
	p := newPlot("Loss by epoch", "epoch", "cross-entropy, mean over the epoch")
	p.Y.Min, p.Y.Max = 0, max(1.05*top, 1e-6)
	epochs(p, rows)
	name := "training (last " + significant(rows[len(rows)-1].Loss, 3) + ")"
	if err := addLine(p, name, loss, 0, len(loss) < 60); err != nil {
		return nil, err
	}
	return p, nil
}

func newPlot(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	for _, s := range []*text.Style{
		&p.Title.TextStyle, &p.X.Label.TextStyle, &p.Y.Label.TextStyle,
		&p.X.Tick.Label, &p.Y.Tick.Label, &p.Legend.TextStyle,
	} {
		s.Font.Variant = "Sans"
	}
	p.Title.TextStyle.Font.Size = 14
	p.Title.Padding = vg.Points(6)
	p.X.Padding, p.Y.Padding = 0, 0
	p.Legend.Padding = vg.Points(3)
	p.X.Tick.Marker, p.Y.Tick.Marker = ticks(0), ticks(0)
	grid := plotter.NewGrid()
	grid.Vertical.Color, grid.Horizontal.Color = faint, faint
	p.Add(grid)
	return p
}

// addLine adds a curve and its entry in the legend, with dots if asked.
func addLine(p *plot.Plot, name string, xys plotter.XYs, colour int, dots bool) error {
	line, scatter, err := plotter.NewLinePoints(xys)
	if err != nil {
		return err
	}
	c := palette[colour%len(palette)]
	line.Color, line.Width = c, vg.Points(1.5)
	scatter.Color, scatter.Shape, scatter.Radius = c, draw.CircleGlyph{}, vg.Points(2)
	p.Add(line)
	thumbs := []plot.Thumbnailer{line}
	if dots {
		p.Add(scatter)
		thumbs = append(thumbs, scatter)
	}
	p.Legend.Add(name, thumbs...)
	return nil
}

// save draws the plot, unless it failed, and replaces the file.
func save(path string, p *plot.Plot, err error) error {
	if err != nil {
		return fmt.Errorf("report: cannot draw %s: %w", path, err)
	}
	if err := atomicfile.Write(path, func(w io.Writer) error { return encode(w, p) }); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

// encode writes a plot as PNG.
func encode(w io.Writer, p *plot.Plot) error {
	c := vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(plotDPI))
	area := draw.Crop(draw.New(c), vg.Points(6), -vg.Points(12), vg.Points(6), -vg.Points(6))
	// The legend is below the plot: inside, there is no corner that curves leave free.
	size := p.Legend.Rectangle(area).Size()
	curves := *p
	curves.Legend = plot.NewLegend()
	curves.Draw(draw.Crop(area, 0, 0, size.Y+vg.Points(6), 0))
	p.Legend.Draw(area)
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
	return err
}

package parity

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
)

// Path is one way of computing the network.
type Path string

// The three paths.
const (
	Gorgonia    Path = "Gorgonia"
	ONNXRuntime Path = "ONNX Runtime"
	OnnxGo      Path = "onnx-go"
)

// Pairs are the comparisons, the reference side first.
var Pairs = [3][2]Path{{Gorgonia, ONNXRuntime}, {Gorgonia, OnnxGo}, {ONNXRuntime, OnnxGo}}

// Row is one tensor, compared along every pair of paths.
type Row struct {
	Name        string // the layer, or "embedding" for the last one's output
	Values      int    // how many values were compared
	Differences [len(Pairs)]Difference
}

// Report is the outcome of a comparison: a row for each layer in the order of
// the network.
type Report struct {
	Images int
	Rows   []Row
}

// Merge adds the outcome of the same network on other images.
func (r Report) Merge(other Report) Report {
	if len(r.Rows) == 0 {
		return other
	}
	merged := Report{Images: r.Images + other.Images, Rows: append([]Row(nil), r.Rows...)}
	for i := range merged.Rows {
		merged.Rows[i].Values += other.Rows[i].Values
		for p := range Pairs {
			merged.Rows[i].Differences[p] = worse(merged.Rows[i].Differences[p], other.Rows[i].Differences[p])
		}
	}
	return merged
}

// Err returns nil if every value agrees along every pair of paths, else an
// error of one line that names the first layer that does not, the paths, and
// the value that is furthest out.
func (r Report) Err() error {
	if len(r.Rows) == 0 {
		return errors.New("parity: nothing was compared")
	}
	for _, row := range r.Rows {
		for p, pair := range Pairs {
			if d := row.Differences[p]; !d.Agree() {
				return fmt.Errorf("parity: %s: %s gives %g where %s gives %g (value %d), %.3g times what is tolerated",
					row.Name, pair[1], d.Got, pair[0], d.Want, d.Index, d.Ratio)
			}
		}
	}
	return nil
}

// Print writes the worst absolute difference of each row as a table.
func (r Report) Print(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "worst difference\tvalues")
	for _, pair := range Pairs {
		fmt.Fprintf(t, "\t%s / %s", pair[0], pair[1])
	}
	fmt.Fprintln(t)
	for _, row := range r.Rows {
		fmt.Fprintf(t, "%s\t%d", row.Name, row.Values)
		for _, d := range row.Differences {
			mark := ""
			if !d.Agree() {
				mark = " over tolerance"
			}
			fmt.Fprintf(t, "\t%.2e%s", d.Worst, mark)
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

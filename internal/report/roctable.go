package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// WriteROC writes the corners of a receiver operating characteristic to a CSV file with
// the columns threshold, false_accept_rate and true_accept_rate, for programs that draw
// it beside others: from (0, 0), where nothing is accepted, to (1, 1).
func WriteROC(path string, roc []verification.Point) error {
	err := atomicfile.Write(path, func(w io.Writer) error {
		b := bufio.NewWriter(w)
		number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
		fmt.Fprintln(b, "threshold,false_accept_rate,true_accept_rate")
		for _, p := range roc {
			fmt.Fprintf(b, "%s,%s,%s\n", number(p.Threshold), number(p.FAR), number(p.TAR))
		}
		return b.Flush()
	})
	if err != nil {
		return fmt.Errorf("report: %w", err)
	}
	return nil
}

package trainer

import (
	"context"
	"time"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/report"
)

// AttachCurves adds a row to the run's table after every epoch and draws the
// two figures anew: accuracy by epoch and loss by epoch. Attach it after
// validation. The table is closed by the caller.
func AttachCurves(t *Trainer, run checkpoint.Run, table *report.Metrics) {
	var took time.Duration
	var images int
	t.OnStep(func(s Step) error {
		took += s.Took
		images += s.Images
		return nil
	})
	t.OnEpoch(func(_ context.Context, e *Epoch) error {
		row := report.Row{
			Epoch: e.Epoch, Step: e.Step,
			Loss: e.Loss, Accuracy: e.Accuracy, Lambda: e.Lambda, Rate: e.Rate,
		}
		// A run that was stopped between the last step and here has no time to
		// tell of.
		if took > 0 {
			row.ImagesPerSecond = float64(images) / took.Seconds()
		}
		took, images = 0, 0
		if v := e.Validation; v != nil {
			row.Validation = report.NewValidation(v.Result)
		}
		if err := table.Append(row); err != nil {
			return err
		}
		if err := report.PlotAccuracy(run.AccuracyPlot(), table.Rows()); err != nil {
			return err
		}
		return report.PlotLoss(run.LossPlot(), table.Rows())
	})
}

// OpenTable opens the table of a run at the place where t is: rows of later
// epochs, which a run that crashed may have written, are dropped.
func OpenTable(t *Trainer, run checkpoint.Run) (*report.Metrics, error) {
	return report.ResumeMetrics(run.Metrics(), t.epoch)
}

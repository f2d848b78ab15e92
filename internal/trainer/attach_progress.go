package trainer

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/sphereface-go/sphereface/internal/report"
)

// Progress shows a run on a terminal or in a log.
type Progress struct {
	w   io.Writer
	now *report.Progress // of the running epoch or validation, nil between
	at  int              // images of the running validation that are through
}

// AttachProgress shows every step of t on w. Attach it before validation: the
// epoch's bar ends before the validation's begins.
func AttachProgress(t *Trainer, w io.Writer) *Progress {
	p := &Progress{w: w}
	t.OnStep(func(s Step) error {
		if p.now == nil {
			p.now = report.NewProgress(w, report.ProgressOptions{
				Title: fmt.Sprintf("epoch %d/%d", s.Epoch, s.Epochs),
				Unit:  "images",
				Total: s.Batches * s.Images,
				Done:  (s.Batch - 1) * s.Images,
				Since: time.Now().Add(-s.Took),
			})
		}
		p.now.Add(s.Images,
			report.Number("loss", s.Running.Loss/float64(s.Running.Images), 4),
			report.Percent("accuracy", float64(s.Running.Correct)/float64(s.Running.Images)),
			report.Number("λ", s.Lambda, 4),
			report.Number("rate", s.Rate, 3))
		return nil
	})
	t.OnEpoch(func(context.Context, *Epoch) error {
		p.Close()
		return nil
	})
	t.OnSave(func(Save) error {
		p.Close()
		return nil
	})
	return p
}

// Validating shows how many images of a validation are through. The first call is
// for none of them.
func (p *Progress) Validating(images, of int) {
	if p.now == nil {
		p.now, p.at = report.NewProgress(p.w, report.ProgressOptions{Title: "validation", Unit: "images", Total: of}), 0
	}
	p.now.Add(images - p.at)
	p.at = images
	if images == of {
		p.Close()
	}
}

// Note writes a line of its own.
func (p *Progress) Note(format string, args ...any) {
	if p.now != nil {
		p.now.Note(format, args...)
		return
	}
	fmt.Fprintf(p.w, format+"\n", args...)
}

// Close ends the line of whatever is running.
func (p *Progress) Close() {
	if p.now != nil {
		p.now.Finish()
		p.now = nil
	}
}

// AttachSummary writes the result of each validation. Attach it after
// validation.
func AttachSummary(t *Trainer, p *Progress) {
	t.OnEpoch(func(_ context.Context, e *Epoch) error {
		if v := e.Validation; v != nil {
			p.Note("epoch %d/%d: validation accuracy %.1f%% ± %.1f%%, threshold %.3f, EER %.1f%%, AUC %.3f",
				e.Epoch, e.Epochs, 100*v.Accuracy, 100*v.StdErr, v.Threshold, 100*v.EER, v.AUC)
		}
		return nil
	})
}

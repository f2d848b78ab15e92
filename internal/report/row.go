package report

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/sphereface-go/sphereface/internal/verification"
)

// A Row is what the metrics file says of one epoch.
type Row struct {
	Epoch           int         // from 1
	Step            int         // steps of the solver up to the end of the epoch
	Loss            float64     // mean over the epoch
	Accuracy        float64     // share of the training images that were classified right, 0…1
	Lambda          float64     // A-Softmax's λ at the last step; 0 for heads that have none
	Rate            float64     // learning rate at the last step
	ImagesPerSecond float64     // over the epoch, validation not counted
	Validation      *Validation // nil: the epoch ended without one
}

// Validation is the result of the verification protocol on the people held out.
type Validation struct {
	Accuracy  float64 // mean over the folds, 0…1
	StdErr    float64 // of that mean
	Threshold float64 // cosine: the best one on all pairs
	EER       float64 // equal error rate
	AUC       float64 // area under the ROC curve
}

// NewValidation takes from a result what the metrics file holds.
func NewValidation(r verification.Result) *Validation {
	return &Validation{Accuracy: r.Accuracy, StdErr: r.StdErr, Threshold: r.Threshold, EER: r.EER, AUC: r.AUC}
}

// A cell is one value of a row: one of count and number is set.
type cell struct {
	name   string
	count  *int
	number *float64
	share  bool // 0…1
}

// trainingCells and validationCells give the columns in the order of the file.
func (r *Row) trainingCells() []cell {
	return []cell{
		{name: "epoch", count: &r.Epoch},
		{name: "step", count: &r.Step},
		{name: "loss", number: &r.Loss},
		{name: "accuracy", number: &r.Accuracy, share: true},
		{name: "lambda", number: &r.Lambda},
		{name: "rate", number: &r.Rate},
		{name: "images_per_second", number: &r.ImagesPerSecond},
	}
}

func (v *Validation) validationCells() []cell {
	return []cell{
		{name: "validation_accuracy", number: &v.Accuracy, share: true},
		{name: "validation_stderr", number: &v.StdErr, share: true},
		{name: "validation_threshold", number: &v.Threshold},
		{name: "validation_eer", number: &v.EER, share: true},
		{name: "validation_auc", number: &v.AUC, share: true},
	}
}

// Columns are the names in the header of the metrics file.
func Columns() []string {
	var names []string
	for _, c := range append(new(Row).trainingCells(), new(Validation).validationCells()...) {
		names = append(names, c.name)
	}
	return names
}

// record is the row as it stands in the file. A number is the shortest one that
// reads back as the same value; without a validation its cells are empty.
func (r Row) record() []string {
	var texts []string
	for _, c := range r.trainingCells() {
		texts = append(texts, c.text())
	}
	none := r.Validation == nil
	v := r.Validation
	if none {
		v = new(Validation)
	}
	for _, c := range v.validationCells() {
		if none {
			texts = append(texts, "")
		} else {
			texts = append(texts, c.text())
		}
	}
	return texts
}

// parseRow is the inverse of record.
func parseRow(record []string) (Row, error) {
	var r Row
	var v Validation
	training, validation := r.trainingCells(), v.validationCells()
	if want := len(training) + len(validation); len(record) != want {
		return r, fmt.Errorf("%d cells, want %d", len(record), want)
	}
	for i, c := range training {
		if err := c.parse(record[i]); err != nil {
			return r, err
		}
	}
	empty := 0
	for i, c := range validation {
		text := record[len(training)+i]
		if text == "" {
			empty++
		} else if err := c.parse(text); err != nil {
			return r, err
		}
	}
	switch empty {
	case 0:
		r.Validation = &v
	case len(validation):
	default:
		return r, errors.New("some cells of the validation are empty: an epoch has all of them or none")
	}
	return r, nil
}

func (c cell) text() string {
	if c.count != nil {
		return strconv.Itoa(*c.count)
	}
	return strconv.FormatFloat(*c.number, 'g', -1, 64)
}

func (c cell) parse(text string) error {
	if c.count != nil {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("%s: %q is no whole number", c.name, text)
		}
		*c.count = n
		return nil
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("%s: %q is no number", c.name, text)
	}
	*c.number = v
	return nil
}

// check finds figures that no epoch can have.
func (r Row) check() error {
	cells := r.trainingCells()
	if r.Validation != nil {
		cells = append(cells, r.Validation.validationCells()...)
	}
	for _, c := range cells {
		switch {
		case c.count != nil && *c.count < 1:
			return fmt.Errorf("%s: %d is below 1", c.name, *c.count)
		case c.count != nil:
		case math.IsInf(*c.number, 0) || math.IsNaN(*c.number):
			return fmt.Errorf("%s: %v is not finite", c.name, *c.number)
		case c.share && (*c.number < 0 || *c.number > 1):
			return fmt.Errorf("%s: %v is not between 0 and 1", c.name, *c.number)
		}
	}
	return nil
}

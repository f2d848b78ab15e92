package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// The metadata of a checkpoint file: text by name, as safetensors has it.
const (
	keyFormat     = "format"
	keyVersion    = "version"
	keyConfig     = "config"
	keyStep       = "step"
	keyEpoch      = "epoch"
	keyBatch      = "batch"
	keySeed       = "seed"
	keyLossSum    = "loss_sum"
	keyCorrect    = "correct"
	keySeen       = "seen"
	keyData       = "data"
	keyImages     = "images"
	keyClasses    = "classes"
	keyDataHash   = "data_sha256" // not in every file
	keyBest       = "best"
	keyValidation = "validation"

	formatName    = "sphereface checkpoint"
	formatVersion = "1"
)

func (c *Checkpoint) metadata() (map[string]string, error) {
	m := map[string]string{
		keyFormat:  formatName,
		keyVersion: formatVersion,
		keyConfig:  string(c.Config),
		keyStep:    strconv.Itoa(c.Step),
		keyEpoch:   strconv.Itoa(c.Epoch),
		keyBatch:   strconv.Itoa(c.Batch),
		keySeed:    strconv.FormatUint(c.Seed, 10),
		keyLossSum: formatFloat(c.Partial.Loss),
		keyCorrect: strconv.Itoa(c.Partial.Correct),
		keySeen:    strconv.Itoa(c.Partial.Images),
		keyData:    c.Data,
		keyImages:  strconv.Itoa(c.Images),
		keyClasses: strconv.Itoa(c.Classes),
		keyBest:    formatFloat(c.Best),
	}
	if c.DataHash != "" {
		m[keyDataHash] = c.DataHash
	}
	if c.Validation != nil {
		b, err := json.Marshal(c.Validation)
		if err != nil {
			return nil, fmt.Errorf("validation result: %w", err)
		}
		m[keyValidation] = string(b)
	}
	return m, nil
}

// formatFloat gives the shortest text that reads back to the same bits.
func formatFloat(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func (c *Checkpoint) readMetadata(m map[string]string) error {
	if m[keyFormat] != formatName {
		return &foreignError{"no checkpoint of this program but a safetensors file of another origin; name a file that train has saved"}
	}
	if v := m[keyVersion]; v != formatVersion {
		return &foreignError{fmt.Sprintf("checkpoint of version %q, this program reads version %s; use the program that wrote it", v, formatVersion)}
	}
	r := metadataReader{m: m}
	c.Config = []byte(r.text(keyConfig))
	c.Step = r.count(keyStep)
	c.Epoch = r.count(keyEpoch)
	c.Batch = r.count(keyBatch)
	c.Seed = r.uint(keySeed)
	c.Partial = Sums{Loss: r.float(keyLossSum), Correct: r.count(keyCorrect), Images: r.count(keySeen)}
	c.Data = r.text(keyData)
	c.Images = r.count(keyImages)
	c.Classes = r.count(keyClasses)
	c.DataHash = m[keyDataHash]
	c.Best = r.float(keyBest)
	if c.Best < 0 || c.Best > 1 {
		r.fail(keyBest, fmt.Errorf("%v is no accuracy, which is from 0 to 1", c.Best))
	}
	if p := c.Partial; p.Correct > p.Images || (p.Images > 0) != (c.Batch > 0) || p.Loss < 0 {
		r.fail(keySeen, fmt.Errorf("%d images, %d of them right, a loss of %v are no sums over the %d batches of an epoch that are done", p.Images, p.Correct, p.Loss, c.Batch))
	}
	if text, ok := m[keyValidation]; ok {
		c.Validation = &Validation{}
		if err := json.Unmarshal([]byte(text), c.Validation); err != nil {
			r.fail(keyValidation, err)
		}
	}
	return r.err
}

// metadataReader keeps the first error, so that reading needs no check at
// every key.
type metadataReader struct {
	m   map[string]string
	err error
}

func (r *metadataReader) fail(key string, err error) {
	if r.err == nil {
		r.err = fmt.Errorf("metadata %q: %w", key, err)
	}
}

func (r *metadataReader) text(key string) string {
	s, ok := r.m[key]
	if !ok {
		r.fail(key, errors.New("missing"))
	}
	return s
}

func (r *metadataReader) count(key string) int {
	n, err := strconv.Atoi(r.text(key))
	if err != nil || n < 0 {
		r.fail(key, fmt.Errorf("%q is no count", r.m[key]))
	}
	return n
}

func (r *metadataReader) uint(key string) uint64 {
	n, err := strconv.ParseUint(r.text(key), 10, 64)
	if err != nil {
		r.fail(key, fmt.Errorf("%q is no whole number", r.m[key]))
	}
	return n
}

func (r *metadataReader) float(key string) float64 {
	v, err := strconv.ParseFloat(r.text(key), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		r.fail(key, fmt.Errorf("%q is no number", r.m[key]))
	}
	return v
}

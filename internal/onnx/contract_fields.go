package onnx

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sphereface-go/sphereface/models"
)

// contractField is one key of the metadata and the way to and from the contract.
type contractField struct {
	key, meaning string
	get          func(*Contract) string
	set          func(*Contract, string) error // the error says what is wanted
	threshold    bool                          // absent where nothing was calibrated
	provenance   bool                          // not needed to compute and compare features
	json         bool                          // the value is JSON as it stands: no text
}

// contractFields are all keys in the order of docs/onnx.md. Who adds a key
// documents it there, and raises [ContractVersion] if old readers would go wrong.
var contractFields = []contractField{
	fixed("contract", ContractVersion, "format of this metadata", true),
	{
		key: "network", meaning: "member of the SphereFace family", provenance: true,
		get: func(c *Contract) string { return c.Network },
		set: func(c *Contract, s string) error {
			c.Network = s
			if !slices.Contains(models.Names(), s) {
				return fmt.Errorf("want one of %s", strings.Join(models.Names(), ", "))
			}
			return nil
		},
	},
	numeric("network_width", "factor on the network's channels", "a number above 0", true,
		func(c *Contract) *float64 { return &c.Width }, positive),
	count("embedding_size", "elements of the output for one crop", true, func(c *Contract) *int { return &c.Embedding }),
	fixed("input_layout", Layout, "order of the input's dimensions", false),
	fixed("pixel_format", PixelFormat, "order of the channels", false),
	isJSON(fixed("pixel_range", PixelRange, "of a pixel value v before normalisation", false)),
	numeric("pixel_mean", "x = (v - pixel_mean) / pixel_std", "a number", false,
		func(c *Contract) *float64 { return &c.Mean }, func(float64) bool { return true }),
	numeric("pixel_std", "see pixel_mean", "a number above 0", false,
		func(c *Contract) *float64 { return &c.Std }, positive),
	count("crop_height", "rows of the aligned crop", false, func(c *Contract) *int { return &c.CropHeight }),
	count("crop_width", "columns of the aligned crop", false, func(c *Contract) *int { return &c.CropWidth }),
	{
		key: "crop_template", json: true, meaning: "[x,y] of left eye, right eye, nose, left and right mouth corner in the crop",
		get: func(c *Contract) string { return formatTemplate(c.Template) },
		set: func(c *Contract, s string) (err error) { c.Template, err = parseTemplate(s); return err },
	},
	fixed("interpolation", Interpolation, "sampling of the photo under the alignment's transform", false),
	text("alignment", "how the training crops were cut", false, func(c *Contract) *string { return &c.Alignment }, oneLine),
	fixed("metric", Metric, "similarity of two features", false),
	{
		key: "mirror", json: true, meaning: "whether the mirrored crop's embedding is the feature's second half",
		get: func(c *Contract) string { return strconv.FormatBool(c.Mirror) },
		set: func(c *Contract, s string) error {
			c.Mirror = s == "true"
			if s != "true" && s != "false" {
				return fmt.Errorf("want true or false")
			}
			return nil
		},
	},
	onlyThreshold(numeric("threshold", "same person iff similarity >= threshold", "a cosine, -1 to 1", false,
		func(c *Contract) *float64 { return &c.Threshold.Value }, within(-1, 1))),
	onlyThreshold(numeric("threshold_far", "false-accept rate at the threshold", "a share, 0 to 1", true,
		func(c *Contract) *float64 { return &c.Threshold.FAR }, within(0, 1))),
	onlyThreshold(text("threshold_data", "pairs that the threshold was calibrated on", true,
		func(c *Contract) *string { return &c.Threshold.Data }, oneLine)),
	text("training_data", "what the network learned from", true, func(c *Contract) *string { return &c.TrainingData }, oneLine),
	text("training_result", "how well it did", true, func(c *Contract) *string { return &c.TrainingResult }, oneLine),
	text("config_sha256", "hash of the resolved training configuration", true,
		func(c *Contract) *string { return &c.ConfigSHA256 }, sha256Hex),
}

// fixed is a key that has one value in this format.
func fixed(key, value, meaning string, provenance bool) contractField {
	return contractField{
		key: key, meaning: meaning, provenance: provenance,
		get: func(*Contract) string { return value },
		set: func(_ *Contract, s string) error {
			if s != value {
				return fmt.Errorf("want %s", value)
			}
			return nil
		},
	}
}

func numeric(key, meaning, want string, provenance bool, at func(*Contract) *float64, valid func(float64) bool) contractField {
	return contractField{
		key: key, meaning: meaning, provenance: provenance, json: true,
		get: func(c *Contract) string { return number(*at(c)) },
		set: func(c *Contract, s string) error {
			v, err := strconv.ParseFloat(s, 64)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || !valid(v) {
				return fmt.Errorf("want %s", want)
			}
			*at(c) = v
			return nil
		},
	}
}

func count(key, meaning string, provenance bool, at func(*Contract) *int) contractField {
	return contractField{
		key: key, meaning: meaning, provenance: provenance, json: true,
		get: func(c *Contract) string { return strconv.Itoa(*at(c)) },
		set: func(c *Contract, s string) error {
			v, err := strconv.Atoi(s)
			if err != nil || v < 1 || v > 1<<16 {
				return fmt.Errorf("want a whole number, 1 to %d", 1<<16)
			}
			*at(c) = v
			return nil
		},
	}
}

func text(key, meaning string, provenance bool, at func(*Contract) *string, check func(string) error) contractField {
	return contractField{
		key: key, meaning: meaning, provenance: provenance,
		get: func(c *Contract) string { return *at(c) },
		set: func(c *Contract, s string) error { *at(c) = s; return check(s) },
	}
}

func onlyThreshold(f contractField) contractField {
	f.threshold = true
	return f
}

func isJSON(f contractField) contractField {
	f.json = true
	return f
}

func positive(v float64) bool { return v > 0 }

func within(low, high float64) func(float64) bool {
	return func(v float64) bool { return v >= low && v <= high }
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// oneLine wants a text that a table of keys can show.
func oneLine(s string) error {
	if strings.TrimSpace(s) == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("want one line of text")
	}
	return nil
}

var hex64 = regexp.MustCompile(`^[0-9a-f]{64}$`)

func sha256Hex(s string) error {
	if !hex64.MatchString(s) {
		return fmt.Errorf("want 64 lower-case hexadecimal digits")
	}
	return nil
}

func formatTemplate(t [5][2]float64) string {
	points := make([]string, len(t))
	for i, p := range t {
		points[i] = "[" + number(p[0]) + "," + number(p[1]) + "]"
	}
	return "[" + strings.Join(points, ",") + "]"
}

func parseTemplate(s string) (t [5][2]float64, err error) {
	var points [][]float64
	err = fmt.Errorf("want five different points as JSON, [[x,y],...]")
	if json.Unmarshal([]byte(s), &points) != nil || len(points) != len(t) {
		return t, err
	}
	for i, p := range points {
		if len(p) != 2 {
			return t, err
		}
		t[i] = [2]float64(p)
		if slices.Contains(t[:i], t[i]) {
			return t, err
		}
	}
	return t, nil
}

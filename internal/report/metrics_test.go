package report

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const header = "epoch,step,loss,accuracy,lambda,rate,images_per_second," +
	"validation_accuracy,validation_stderr,validation_threshold,validation_eer,validation_auc\n"

func sample() []Row {
	return []Row{
		{Epoch: 1, Step: 74, Loss: 8.25, Accuracy: 0.01, Lambda: 178.57142857142858, Rate: 0.05, ImagesPerSecond: 402.1},
		{
			Epoch: 2, Step: 148, Loss: 7.5, Accuracy: 0.03, Lambda: 10, Rate: 1e-5, ImagesPerSecond: 399,
			Validation: &Validation{Accuracy: 0.73, StdErr: 0.012, Threshold: -0.25, EER: 0.27, AUC: 0.8},
		},
		{Epoch: 3, Step: 222, Loss: 7, Accuracy: 0.05, Lambda: 10, Rate: 1e-5, ImagesPerSecond: 401},
	}
}

func create(t *testing.T, rows []Row) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "metrics.csv")
	m, err := createMetrics(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := m.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func content(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMetricsFile(t *testing.T) {
	path := create(t, sample())
	want := header +
		"1,74,8.25,0.01,178.57142857142858,0.05,402.1,,,,,\n" +
		"2,148,7.5,0.03,10,1e-05,399,0.73,0.012,-0.25,0.27,0.8\n" +
		"3,222,7,0.05,10,1e-05,401,,,,,\n"
	if got := content(t, path); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
	rows, err := readMetrics(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(rows, sample()) {
		t.Errorf("read back %+v", rows)
	}
	if _, err := createMetrics(path); err == nil || !strings.Contains(err.Error(), "exists") {
		t.Errorf("creating it again: %v", err)
	}
}

func TestEveryRowIsOnDiskAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.csv")
	m, err := createMetrics(path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for i, r := range sample() {
		if err := m.Append(r); err != nil {
			t.Fatal(err)
		}
		if rows, err := readMetrics(path); err != nil || len(rows) != i+1 {
			t.Fatalf("after row %d: %d rows, %v", i+1, len(rows), err)
		}
	}
	if !reflect.DeepEqual(m.Rows(), sample()) {
		t.Errorf("Rows: %+v", m.Rows())
	}
}

func TestResumeMetrics(t *testing.T) {
	for _, c := range []struct {
		name string
		tail string // cut short by a crash
		kept int    // epochs done
	}{
		{"at the end", "", 3},
		{"at an earlier checkpoint", "", 2},
		{"from the start", "", 0},
		{"after a torn line", "4,296,6.5,0.0", 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := create(t, sample())
			if err := os.WriteFile(path, []byte(content(t, path)+c.tail), 0o644); err != nil {
				t.Fatal(err)
			}
			m, err := ResumeMetrics(path, c.kept)
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			next := Row{Epoch: c.kept + 1, Step: 1000, Loss: 1}
			if err := m.Append(next); err != nil {
				t.Fatal(err)
			}
			want := append(sample()[:c.kept], next)
			if rows, err := readMetrics(path); err != nil || !reflect.DeepEqual(rows, want) {
				t.Errorf("got %+v (%v), want %+v", rows, err, want)
			}
			if !reflect.DeepEqual(m.Rows(), want) {
				t.Errorf("Rows: %+v, want %+v", m.Rows(), want)
			}
		})
	}
}

func TestResumeWithoutAFileStartsOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.csv")
	for _, torn := range []bool{false, true} {
		if torn {
			if err := os.WriteFile(path, []byte("epoch,st"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		m, err := ResumeMetrics(path, 10)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
		if got := content(t, path); got != header {
			t.Errorf("torn %v: got %q, want the header", torn, got)
		}
	}
}

func TestResumeLeavesAForeignFileAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "metrics.csv")
	for _, foreign := range []string{"date,price\n1,2\n", "abc", "epoch,step\n"} {
		if err := os.WriteFile(path, []byte(foreign), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := ResumeMetrics(path, 10); err == nil || !strings.Contains(err.Error(), "bring the file back; or move it away") {
			t.Errorf("%q: %v", foreign, err)
		}
		if got := content(t, path); got != foreign {
			t.Errorf("%q is now %q", foreign, got)
		}
	}
}

func TestAppendRefusesWhatNoEpochCanHave(t *testing.T) {
	path := create(t, sample())
	m, err := ResumeMetrics(path, 3)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	before := content(t, path)
	good := Row{Epoch: 4, Step: 296, Loss: 1, Accuracy: 0.5}
	for want, change := range map[string]func(*Row){
		"epoch: 3 does not come after 3":     func(r *Row) { r.Epoch = 3 },
		"step: 222 does not come after 222":  func(r *Row) { r.Step = 222 },
		"loss: NaN is not finite":            func(r *Row) { r.Loss = nan() },
		"accuracy: 50 is not between 0":      func(r *Row) { r.Accuracy = 50 },
		"validation_auc: -1 is not between":  func(r *Row) { r.Validation = &Validation{AUC: -1} },
		"validation_stderr: NaN is not fini": func(r *Row) { r.Validation = &Validation{StdErr: nan()} },
	} {
		r := good
		change(&r)
		if err := m.Append(r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	if got := content(t, path); got != before {
		t.Errorf("the file has changed: %q", got)
	}
	if err := m.Append(good); err != nil {
		t.Error(err)
	}
}

func nan() float64 { var zero float64; return zero / zero }

// A write that fails leaves the rows before it, and they only.
func TestAppendToAFileThatCannotBeWritten(t *testing.T) {
	path := create(t, sample())
	f, err := os.Open(path) // for reading only
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	before := content(t, path)
	m := &Metrics{file: f, path: path, size: int64(len(before)), rows: sample()}
	err = m.Append(Row{Epoch: 4, Step: 296})
	if err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want an error that names %s", err, path)
	}
	if len(m.Rows()) != 3 || content(t, path) != before {
		t.Errorf("%d rows, file %q", len(m.Rows()), content(t, path))
	}
}

func TestParseMetricsNamesTheLine(t *testing.T) {
	const good = "1,74,8.25,0.01,0,0.05,402.1,,,,,\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "m.csv is empty"},
		{"header", "epoch,step\n", "m.csv:1: the header"},
		{"few cells", header + good + "2,148,7\n", "m.csv:3: 3 cells, want 12"},
		{"many cells", header + strings.TrimSuffix(good, "\n") + ",9\n", "m.csv:2: 13 cells, want 12"},
		{"no number", header + "1,74,x,0.01,0,0.05,402.1,,,,,\n", `m.csv:2: loss: "x" is no number`},
		{"a fraction", header + "1.5,74,8,0.01,0,0.05,402.1,,,,,\n", `m.csv:2: epoch: "1.5" is no whole number`},
		{"empty cell", header + "1,74,,0.01,0,0.05,402.1,,,,,\n", `m.csv:2: loss: "" is no number`},
		{"infinite", header + "1,74,Inf,0.01,0,0.05,402.1,,,,,\n", "m.csv:2: loss: +Inf is not finite"},
		{"NaN", header + "1,74,1,0.01,0,0.05,402.1,NaN,0,0,0,0\n", "m.csv:2: validation_accuracy: NaN is not finite"},
		{"percent", header + "1,74,1,12,0,0.05,402.1,,,,,\n", "m.csv:2: accuracy: 12 is not between 0 and 1"},
		{"half a validation", header + "1,74,1,0,0,0.05,402.1,0.5,,,,\n", "m.csv:2: some cells of the validation are empty"},
		{"epoch 0", header + "0,74,1,0,0,0.05,402.1,,,,,\n", "m.csv:2: epoch: 0 is below 1"},
		{"order", header + good + good, "m.csv:3: epoch: 1 does not come after 1"},
		{"quote", header + "1,\"74,1,0,0,0.05,402.1,,,,,\n", "m.csv:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseMetrics(strings.NewReader(c.text), "m.csv")
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
	if rows, err := ParseMetrics(strings.NewReader(header), "m.csv"); err != nil || len(rows) != 0 {
		t.Errorf("header alone: %v, %v", rows, err)
	}
}

// FuzzParseMetrics: what is accepted is written and read back the same.
func FuzzParseMetrics(f *testing.F) {
	var b bytes.Buffer
	if err := writeMetrics(&b, sample()); err != nil {
		f.Fatal(err)
	}
	f.Add(b.String())
	f.Add(header)
	f.Add(header + "1,1,1,1,1,1,1,\"1\",0,-0,1e-300,0x1p-2\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		rows, err := ParseMetrics(strings.NewReader(text), "fuzz")
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
			return
		}
		var b bytes.Buffer
		if err := writeMetrics(&b, rows); err != nil {
			t.Fatal(err)
		}
		again, err := ParseMetrics(&b, "again")
		if err != nil || !reflect.DeepEqual(rows, again) {
			t.Fatalf("%+v became %+v (%v)", rows, again, err)
		}
	})
}

func readMetrics(path string) ([]Row, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ParseMetrics(f, path)
}

package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/report"
)

// data checks LFW, after fetching what is missing if asked to.
func data(ctx context.Context, o dataOptions, stdout, stderr io.Writer) error {
	var found dataset.Report
	var err error
	if o.fetch {
		stages := &stageProgress{w: stderr}
		found, err = dataset.FetchLFW(ctx, o.root, stages.show)
		stages.finish()
	} else {
		found, err = dataset.CheckLFW(ctx, o.root)
	}
	// The report says what is there even where something is missing.
	if found.Images > 0 || len(found.Lists) > 0 {
		fmt.Fprint(stdout, found)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "complete. Next%s\n", next(o.root, found.Archive))
	return nil
}

// next says what to do with complete data: train, which needs a folder, or unpack
// the archive, which must have the given name for that.
func next(root, archive string) string {
	if archive == "" {
		return ": " + program() + " --config configs/lfw.yaml --data.root " + quote(root)
	}
	rename := ""
	if archive != filepath.Base(root) {
		rename = " rename it to " + archive + ", then"
	}
	return rename + " unpack it: " + program() + " data --root " + quote(filepath.Dir(root)) + " --fetch"
}

// stageProgress shows one stage of fetching or preparing data after the other.
type stageProgress struct {
	w     io.Writer
	stage string
	done  int
	now   *report.Progress // nil for a stage without counts
}

// show is a dataset.Progress: it takes bytes of a download, shown in
// megabytes, or images.
func (s *stageProgress) show(stage string, done, total int64) {
	unit := "images"
	if strings.HasPrefix(stage, "download") {
		unit, done, total = "MB", done/1e6, total/1e6
	}
	if stage != s.stage {
		s.finish()
		s.stage, s.done = stage, int(done)
		if total == 0 && unit == "images" {
			fmt.Fprintln(s.w, stage)
			return
		}
		s.now = report.NewProgress(s.w, report.ProgressOptions{Title: stage, Unit: unit, Total: int(total), Done: int(done)})
	}
	if s.now != nil {
		s.now.Add(int(done) - s.done)
		s.done = int(done)
	}
}

func (s *stageProgress) finish() {
	if s.now != nil {
		s.now.Finish()
		s.now = nil
	}
}

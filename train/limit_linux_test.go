package main

import (
	"os"
	"os/signal"
	"strconv"
	"syscall"
)

// fileLimit is the variable that sets the largest size of a file in bytes for
// a child process: its writes fail as on a full disk.
const fileLimit = "TRAIN_TEST_FILE_LIMIT"

func limitChild() {
	text, ok := os.LookupEnv(fileLimit)
	if !ok {
		return
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		panic(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // the write returns an error instead
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
		panic(err)
	}
}

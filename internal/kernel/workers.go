package kernel

import "sync"

// workers runs a task on a fixed number of goroutines. The goroutines are
// started anew each time, from functions that were bound beforehand, because
// that allocates nothing and leaves nothing to be closed.
type workers struct {
	count int
	group sync.WaitGroup
	task  func(worker int)
	start []func()
}

func newWorkers(threads int) *workers {
	w := &workers{count: max(threads, 1)}
	for i := 1; i < w.count; i++ {
		w.start = append(w.start, func() {
			defer w.group.Done()
			w.task(i)
		})
	}
	return w
}

// run calls task(0) … task(count-1) at the same time and waits for them.
func (w *workers) run(task func(worker int)) { w.runFirst(w.count, task) }

// runFirst does so with the first n of the workers, where there is not enough to
// do for all of them.
func (w *workers) runFirst(n int, task func(worker int)) {
	w.task = task
	w.group.Add(n - 1)
	for _, start := range w.start[:n-1] {
		go start()
	}
	task(0)
	w.group.Wait()
	w.task = nil
}

// share returns the part [from, to) of n items that belongs to worker i.
func (w *workers) share(i, n int) (from, to int) {
	return n * i / w.count, n * (i + 1) / w.count
}

// elementGrain is the number of elements below which a goroutine costs more
// than it saves.
const elementGrain = 1 << 14

// split is [Team.Split] by a team that is made for the one call.
func split(threads, n, grain int, f func(from, to int)) {
	NewTeam(min(threads, n/max(grain, 1))).Split(n, grain, f)
}

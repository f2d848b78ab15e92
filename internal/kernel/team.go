package kernel

// Team is a number of goroutines that share the work of functions which need no
// shape beforehand. Its methods allocate nothing, but for scratch memory at the
// first use: what a goroutine is started with is bound when the team is made,
// and the operands of a call lie in the team. As a plan, it must not be used by
// two goroutines at once.
type Team struct {
	level   *level
	workers *workers
	part    func(worker int)

	// The call that runs: task is done for parts of n items.
	task     task
	n, parts int

	// The operands of each function, which task points to.
	sgd           sgdStep
	scale         scaling
	squares       squares
	normalize     normalization
	normalizeGrad normalizationGrad
	images        rearrangement
}

// task is a function with its operands, for the items [from, to).
type task interface{ do(from, to int) }

// span is a task that brings its operands along.
type span func(from, to int)

func (f span) do(from, to int) { f(from, to) }

// NewTeam makes a team of at most threads goroutines.
func NewTeam(threads int) *Team { return newTeam(best, threads) }

func newTeam(l *level, threads int) *Team {
	t := &Team{level: l, workers: newWorkers(threads)}
	t.part = t.doPart
	return t
}

// Split cuts n items into contiguous parts of at least grain items, calls f for
// each of them at the same time and waits. One part runs without starting a
// goroutine. An f that is made once and not for each call allocates nothing.
func (t *Team) Split(n, grain int, f func(from, to int)) { t.run(n, grain, span(f)) }

func (t *Team) run(n, grain int, task task) {
	t.parts = min(t.workers.count, n/max(grain, 1))
	if t.parts <= 1 {
		task.do(0, n)
		return
	}
	t.task, t.n = task, n
	t.workers.runFirst(t.parts, t.part)
	t.task = nil
}

func (t *Team) doPart(worker int) {
	t.task.do(t.n*worker/t.parts, t.n*(worker+1)/t.parts)
}

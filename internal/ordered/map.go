// Package ordered works on several things at once and hands out the results in the
// order of the things.
package ordered

import (
	"context"
	"fmt"
	"iter"
	"runtime/debug"
	"sync"
)

// Map calls f for 0 to n − 1, up to so many at once, and gives the results in that
// order. Calls go on while a result is being used, until so many results are ahead:
// that is all that it holds in memory.
//
// After the first error, in that order, or once the context is done, there are no
// more results, and no call is begun after one that has failed. The context of f is
// done when the loop is left. All calls have returned when the loop ends. If a call
// panics the loop does, with a [*Panic], where it would have had the call's result.
func Map[T any](ctx context.Context, n, atOnce, ahead int, f func(ctx context.Context, i int) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		work, cancel := context.WithCancel(ctx)
		var begun sync.WaitGroup
		defer begun.Wait()
		defer cancel()
		results := make(chan chan result[T], max(ahead, atOnce))
		begun.Go(func() { begin(work, n, atOnce, f, results) })
		for r := range results {
			got := <-r
			if got.panicked != nil {
				panic(got.panicked)
			}
			if ctx.Err() != nil {
				break
			}
			if !yield(got.value, got.err) || got.err != nil {
				return
			}
		}
		if ctx.Err() != nil {
			var none T
			yield(none, context.Cause(ctx))
		}
	}
}

type result[T any] struct {
	value    T
	err      error
	panicked *Panic
}

// Panic is what a call of f has panicked with, and where.
type Panic struct {
	Value any
	Stack []byte // of the call's goroutine
}

// Unwrap gives the value if it is an error.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

func (p *Panic) Error() string { return fmt.Sprintf("%v\n\n%s", p.Value, p.Stack) }

// begin sends what will hold each result, in order, and begins the call for it.
func begin[T any](ctx context.Context, n, atOnce int, f func(context.Context, int) (T, error), results chan<- chan result[T]) {
	var calls sync.WaitGroup
	defer calls.Wait()
	defer close(results)
	// When a call fails all before it have begun, so that the first error is reached.
	unfailed, fail := context.WithCancel(ctx)
	defer fail()
	free := make(chan struct{}, atOnce)
	for i := range n {
		r := make(chan result[T], 1)
		select {
		case free <- struct{}{}:
		case <-unfailed.Done():
			return
		}
		select {
		case results <- r:
		case <-unfailed.Done():
			return
		}
		calls.Go(func() {
			got := call(ctx, i, f)
			if got.err != nil || got.panicked != nil {
				fail()
			}
			r <- got
			<-free
		})
	}
}

func call[T any](ctx context.Context, i int, f func(context.Context, int) (T, error)) (got result[T]) {
	defer func() {
		if v := recover(); v != nil {
			got.panicked = &Panic{v, debug.Stack()}
		}
	}()
	got.value, got.err = f(ctx, i)
	return got
}

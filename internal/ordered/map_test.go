package ordered

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Results come in order, whichever is ready first, and each call is made once.
func TestOrder(t *testing.T) {
	for _, atOnce := range []int{1, 3, 16} {
		synctest.Test(t, func(t *testing.T) {
			var got []int
			var calls atomic.Int32
			for v, err := range Map(t.Context(), 40, atOnce, 5, func(_ context.Context, i int) (int, error) {
				calls.Add(1)
				time.Sleep(time.Duration(i*7%11) * time.Millisecond)
				return i * i, nil
			}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, v)
			}
			for i, v := range got {
				if v != i*i {
					t.Fatalf("%d at once: result %d is %d", atOnce, i, v)
				}
			}
			if len(got) != 40 || calls.Load() != 40 {
				t.Errorf("%d at once: %d results of %d calls, want 40", atOnce, len(got), calls.Load())
			}
		})
	}
}

// No more calls are under way than asked for, and while a result is used the work
// goes on, but not farther than asked for.
func TestBounds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const atOnce, ahead = 3, 5
		var running, most, done atomic.Int32
		used := 0
		for _, err := range Map(t.Context(), 30, atOnce, ahead, func(context.Context, int) (int, error) {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(time.Millisecond)
			running.Add(-1)
			done.Add(1)
			return 0, nil
		}) {
			if err != nil {
				t.Fatal(err)
			}
			used++
			time.Sleep(time.Hour) // all that may be done is
			// One more than are ahead waits to be queued, but has not begun.
			if want := int32(min(30, used+ahead)); done.Load() != want {
				t.Fatalf("%d calls are done while result %d is used, want %d", done.Load(), used, want)
			}
		}
		if most.Load() != atOnce {
			t.Errorf("%d calls at once, want %d", most.Load(), atOnce)
		}
	})
}

// Of several errors it is the first in order that is given, after the results before
// it, and no call is begun once one is known.
func TestFirstError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int32
		var got []string
		for v, err := range Map(t.Context(), 100, 4, 8, func(_ context.Context, i int) (int, error) {
			begun.Add(1)
			time.Sleep(time.Duration(20-i) * time.Millisecond) // later ones fail sooner
			if i >= 6 {
				return 0, fmt.Errorf("error %d", i)
			}
			return i, nil
		}) {
			if err != nil {
				got = append(got, err.Error())
			} else {
				got = append(got, fmt.Sprint(v))
			}
		}
		if want := []string{"0", "1", "2", "3", "4", "5", "error 6"}; !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if begun.Load() > 10 { // 6, and 3 that were under way with it, and one in a race with the failure
			t.Errorf("%d calls were begun", begun.Load())
		}
	})
}

// A context that is done ends it with the cause, and a loop that is left ends the
// calls: none is left when the loop is.
func TestStop(t *testing.T) {
	cause := errors.New("enough")
	for _, leave := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			var running atomic.Int32
			var last error
			for v, err := range Map(ctx, 100, 4, 8, func(ctx context.Context, i int) (int, error) {
				running.Add(1)
				defer running.Add(-1)
				if i > 2 {
					<-ctx.Done()
					return 0, context.Cause(ctx)
				}
				return i, nil
			}) {
				last = err
				if v == 2 && leave {
					break
				}
				if v == 2 {
					cancel(cause)
				}
			}
			if running.Load() != 0 {
				t.Errorf("%d calls are under way after the loop", running.Load())
			}
			if !leave && !errors.Is(last, cause) || leave && last != nil {
				t.Errorf("left %v: error %v", leave, last)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	for range Map(t.Context(), 0, 2, 2, func(context.Context, int) (int, error) { return 0, nil }) {
		t.Error("a result of nothing")
	}
}

package jobs

import (
	"time"
)

// Args says what to do. It must survive JSON; it is a struct, not a pointer.
type Args interface {
	// Kind names the sort of job, for ever: rows in the database carry it.
	Kind() string
}

// Policy tells how jobs of a kind run. Arguments that want another than the zero one have a method Policy() Policy.
type Policy struct {
	// Delays are the waits before each attempt, the first included, so their number is that of the attempts. Those of up to some
	// seconds are coarse. None: 25 attempts, the waits growing to weeks.
	Delays []time.Duration
	// Timeout ends an attempt. 0 means a minute.
	Timeout time.Duration
	// Queue keeps a kind from waiting behind others. Empty: the common one.
	Queue string
	// Workers is how many of the Queue's jobs a node runs at once. 0 means Options.Workers. It has no effect on the common queue.
	Workers int
}

func policyOf(a Args) Policy {
	if p, ok := a.(interface{ Policy() Policy }); ok {
		return p.Policy()
	}
	return Policy{}
}

// envelope is how arguments are stored.
type envelope[T Args] struct {
	Due  *time.Time `json:"due,omitempty"` // of a cron chore
	Args T          `json:"args"`
}

// Kind is the arguments'.
func (e envelope[T]) Kind() string { return e.Args.Kind() }

package people

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progress shows how far a replay is: a bar on a terminal, else a line now and then.
type progress struct {
	out  io.Writer
	r    *replay
	tty  bool
	mu   sync.Mutex
	name string
	max  int
	done int
	bar  *progressbar.ProgressBar
}

func newProgress(out io.Writer, r *replay) *progress {
	f, ok := out.(*os.File)
	p := &progress{out: out, r: r}
	if ok {
		info, err := f.Stat()
		p.tty = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// phase begins a new bar; max 0 has none.
func (p *progress) phase(name string, limit int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
	p.name, p.max, p.done = name, limit, 0
	if !p.tty {
		_, _ = fmt.Fprintf(p.out, "%s…\n", name) // progress is not worth failing over
		return
	}
	if limit > 0 {
		p.bar = progressbar.NewOptions(limit, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(name),
			progressbar.OptionThrottle(250*time.Millisecond), progressbar.OptionShowCount(), progressbar.OptionSetWidth(30),
			progressbar.OptionClearOnFinish())
	}
}

func (p *progress) add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += n
	if p.bar != nil {
		_ = p.bar.Set(min(p.done, p.max))
	}
}

func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
}

func (p *progress) finish() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}

// run follows the day: orders that have ended, the city's time, and how people fare.
func (p *progress) run(ctx context.Context) error {
	every := time.Second
	if !p.tty {
		every = 15 * time.Second
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			p.show()
		case <-ctx.Done():
			return nil
		}
	}
}

func (p *progress) show() {
	y := &p.r.tally
	ended := y.delivered.Load() + y.cancelled.Load()
	day := time.Time{}.Add(p.r.clock.Now().Sub(p.r.origin)).Format("15:04")
	text := fmt.Sprintf("%s  placed %d, ended %d, riders %d (%d busy), lag p99 %.0f ms", day, y.placed.Load(), ended,
		y.onShift.Load(), y.busy.Load(), ms(p.r.lags.whole.Quantile(0.99)))
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		p.bar.Describe(text)
		_ = p.bar.Set(min(int(ended), p.max))
		return
	}
	_, _ = fmt.Fprintln(p.out, text)
}

package sim

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/paidan/paidan/internal/clock"
)

// Progress shows how far something is, once it has taken longer than two seconds: a bar on a terminal, else a line now and then.
type Progress struct {
	out   io.Writer
	tty   bool
	max   int
	watch clock.Stopwatch
	told  time.Duration
	bar   *progressbar.ProgressBar
}

const (
	quiet     = 2 * time.Second
	lineEvery = 15 * time.Second
)

// NewProgress shows on out, of a thing that ends at limit.
func NewProgress(out io.Writer, limit int) *Progress {
	p := &Progress{out: out, max: limit, watch: clock.StartStopwatch()}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.tty = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// Show tells that so much is done.
func (p *Progress) Show(what string, done int) {
	took := p.watch.Elapsed()
	if took < quiet {
		return
	}
	if !p.tty {
		if took-p.told >= lineEvery {
			p.told = took
			_, _ = fmt.Fprintf(p.out, "%s: %d of %d\n", what, done, p.max) // not worth failing over
		}
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(p.max, progressbar.OptionSetWriter(p.out), progressbar.OptionThrottle(250*time.Millisecond),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
	}
	p.bar.Describe(what)
	_ = p.bar.Set(done)
}

// Close takes the bar away.
func (p *Progress) Close() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

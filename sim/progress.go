package sim

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/paidan/paidan/internal/clock"
)

// progress shows how far a day is, once it has taken longer than two seconds: a bar on a terminal, else a line now and then.
type progress struct {
	out   io.Writer
	tty   bool
	day   *Day
	watch clock.Stopwatch
	told  time.Duration
	bar   *progressbar.ProgressBar
}

const (
	quiet     = 2 * time.Second
	lineEvery = 15 * time.Second
)

func newProgress(out io.Writer, d *Day) *progress {
	p := &progress{out: out, day: d, watch: clock.StartStopwatch()}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.tty = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// show is to be called after each round.
func (p *progress) show(now, placed int) {
	took := p.watch.Elapsed()
	if took < quiet {
		return
	}
	text := fmt.Sprintf("%s  %02d:%02d", p.day.Name, now/3600, now/60%60)
	if !p.tty {
		if took-p.told >= lineEvery {
			p.told = took
			_, _ = fmt.Fprintf(p.out, "%s  %d of %d orders placed\n", text, placed, len(p.day.Orders)) // not worth failing over
		}
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(len(p.day.Orders), progressbar.OptionSetWriter(p.out), progressbar.OptionThrottle(250*time.Millisecond),
			progressbar.OptionShowCount(), progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
	}
	p.bar.Describe(text)
	_ = p.bar.Set(placed)
}

func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

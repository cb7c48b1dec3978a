package rider

// seqWindow remembers which of the last sequence numbers have come, as IPsec's anti-replay window does (RFC 4303 §3.4.3). It
// is larger than the largest batch, so that a batch sent again is recognised whole.
type seqWindow struct {
	any  bool
	top  int64 // the highest number so far
	bits [windowWords]uint64
}

const (
	windowWords = 8
	windowSize  = windowWords * 64
)

// has reports whether seq has come. Of numbers below the window nothing is known: no.
func (w *seqWindow) has(seq int64) bool {
	if !w.any || seq > w.top {
		return false
	}
	back := uint64(w.top) - uint64(seq) // no overflow: unsigned arithmetic wraps
	return back < windowSize && w.bit(seq)&w.bits[w.word(seq)] != 0
}

// add notes that seq has come; below the window it is forgotten.
func (w *seqWindow) add(seq int64) {
	switch {
	case !w.any:
		w.restart(seq)
		return
	case seq > w.top:
		if ahead := uint64(seq) - uint64(w.top); ahead >= windowSize {
			w.bits = [windowWords]uint64{}
		} else {
			for s := w.top + 1; s < seq; s++ { // at most windowSize steps, in practice none
				w.bits[w.word(s)] &^= w.bit(s)
			}
		}
		w.top = seq
	case uint64(w.top)-uint64(seq) >= windowSize:
		return
	}
	w.bits[w.word(seq)] |= w.bit(seq)
}

// restart forgets all but seq: the phone has begun to count anew.
func (w *seqWindow) restart(seq int64) {
	*w = seqWindow{any: true, top: seq}
	w.bits[w.word(seq)] |= w.bit(seq)
}

func (w *seqWindow) word(seq int64) int   { return int(uint64(seq) / 64 % windowWords) }
func (w *seqWindow) bit(seq int64) uint64 { return 1 << (uint64(seq) % 64) }

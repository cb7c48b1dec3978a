package client

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxEvent bounds one event: a snapshot of a rider is a few kilobytes.
const maxEvent = 16 << 20

var errEventTooLong = errors.New("an event of the stream is longer than 16 MiB")

// event is one of a text/event-stream. Data is valid until the next one.
type event struct {
	name string
	data []byte
}

// eventReader splits a text/event-stream (https://html.spec.whatwg.org/multipage/server-sent-events.html).
// alive is called for every line, heartbeats too.
type eventReader struct {
	in    *bufio.Reader
	alive func()
	line  []byte
	data  []byte
}

func newEventReader(in io.Reader, alive func()) *eventReader {
	return &eventReader{in: bufio.NewReaderSize(in, 1<<10), alive: alive}
}

// next waits for an event. An event cut off by the end of the stream is dropped, as the standard wants.
func (r *eventReader) next() (event, error) {
	var e event
	r.data = r.data[:0]
	seen := false
	for {
		line, err := r.readLine()
		if err != nil {
			return event{}, err
		}
		r.alive()
		if len(line) == 0 {
			if seen {
				e.data = bytes.TrimSuffix(r.data, []byte("\n"))
				return e, nil
			}
			e = event{}
			continue
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			e.name = string(value)
		case "data":
			seen = true
			r.data = append(append(r.data, value...), '\n')
			if len(r.data) > maxEvent {
				return event{}, errEventTooLong
			}
		}
	}
}

func (r *eventReader) readLine() ([]byte, error) {
	r.line = r.line[:0]
	for {
		part, err := r.in.ReadSlice('\n')
		r.line = append(r.line, part...)
		if len(r.line) > maxEvent {
			return nil, errEventTooLong
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return bytes.TrimRight(r.line, "\r\n"), nil
	}
}

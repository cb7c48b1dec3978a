package pg

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
)

const (
	logLimit = 16 << 20 // bytes; one full file is kept beside the current one
	logTail  = 4 << 10
)

// logFile collects the server's messages, and keeps the last ones at hand for errors.
type logFile struct {
	mu   sync.Mutex
	path string
	f    *os.File
	size int64
	tail []byte
}

func openLog(path string) (*logFile, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the server's log: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the server's log: %w", err), f.Close())
	}
	return &logFile{path: path, f: f, size: info.Size()}, nil
}

// Write never fails: a server must not end because its log's disk is full.
func (l *logFile) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, p...)
	l.tail = l.tail[max(0, len(l.tail)-logTail):]
	if l.size > logLimit {
		l.rotate()
	}
	n, _ := l.f.Write(p)
	l.size += int64(n)
	return len(p), nil
}

func (l *logFile) rotate() {
	l.size = 0 // also when it fails: try again a file's length later
	if err := os.Rename(l.path, l.path+".1"); err != nil {
		return
	}
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	_ = l.f.Close()
	l.f = f
}

// Tail is the last few messages.
func (l *logFile) Tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(string(l.tail))
}

// Close ends the file.
func (l *logFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.f.Close()
}

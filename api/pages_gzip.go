package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
)

// packed keeps the pages' files compressed: riders load theirs over bad networks. What is embedded never changes, so each is
// compressed once, when it is first asked for.
type packed struct{ files sync.Map } // name → []byte

// packable are the kinds of file that gain by it; pictures and fonts are compressed already.
var packable = []string{".html", ".js", ".css", ".svg", ".webmanifest", ".json"}

// of is the compressed content of a file, nil where it is better sent as it is.
func (p *packed) of(r *http.Request, name string, content io.ReadSeeker) ([]byte, error) {
	if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Header.Get("Range") != "" || !slices.Contains(packable, path.Ext(name)) {
		return nil, nil
	}
	if z, ok := p.files.Load(name); ok {
		return z.([]byte), nil
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(z, content); err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil, err
	}
	p.files.Store(name, b.Bytes())
	return b.Bytes(), nil
}

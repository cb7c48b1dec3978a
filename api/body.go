package api

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
)

// maxBody bounds a body, as it comes and unpacked.
const maxBody = 1 << 20

// largeBodies are the routes that take more.
var largeBodies = map[string]int64{"/v1/rider/orders/:id/proofs": maxProof}

func bodyLimit(c *gin.Context) int64 {
	if n, ok := largeBodies[c.FullPath()]; ok {
		return n
	}
	return maxBody
}

var errBadEncoding = errors.New("the body is not what Content-Encoding says")

var unzippers = sync.Pool{New: func() any { return new(gzip.Reader) }}

// bodies bounds the bytes of a request and unpacks gzip. What it unpacks to is bounded too, by Huma's limit per operation.
func (s *Server) bodies(c *gin.Context) {
	r := c.Request
	if r.Body == nil || r.Body == http.NoBody {
		c.Next()
		return
	}
	most := bodyLimit(c)
	if r.ContentLength > most {
		writeProblem(c, &http.MaxBytesError{Limit: most})
		return
	}
	r.Body = http.MaxBytesReader(c.Writer, r.Body, most)
	switch strings.ToLower(r.Header.Get("Content-Encoding")) {
	case "", "identity":
	case "gzip":
		z := unzippers.Get().(*gzip.Reader)
		defer unzippers.Put(z)
		r.Body = &gzipBody{z: z, under: r.Body}
		r.Header.Del("Content-Encoding")
		r.ContentLength = -1
	default:
		writeProblem(c, refuse(codeMediaType, "Content-Encoding may be gzip."))
		return
	}
	c.Next()
}

// gzipBody reads its header at the first Read, so that a bad one is reported as a bad body.
type gzipBody struct {
	z     *gzip.Reader
	under io.ReadCloser
	begun bool
}

func (b *gzipBody) Read(p []byte) (int, error) {
	if !b.begun {
		b.begun = true
		if err := b.z.Reset(b.under); err != nil {
			return 0, badEncoding(err)
		}
	}
	n, err := b.z.Read(p)
	return n, badEncoding(err)
}

func (b *gzipBody) Close() error { return b.under.Close() }

func badEncoding(err error) error {
	var tooLarge *http.MaxBytesError
	if err == nil || err == io.EOF && !errors.As(err, &tooLarge) { //nolint:errorlint // io.EOF is never wrapped here
		return err
	}
	return fmt.Errorf("%w: %w", errBadEncoding, err)
}

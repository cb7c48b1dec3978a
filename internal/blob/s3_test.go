package blob

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/paidan/paidan/internal/id"
)

// Not parallel: the keys come from the environment, as they do for who runs the platform.
func TestS3(t *testing.T) {
	b := newBucketServer(t)
	t.Setenv("AWS_ACCESS_KEY_ID", b.key)
	t.Setenv("AWS_SECRET_ACCESS_KEY", b.secret)
	s := b.store(t)
	t.Run("as a folder does", func(t *testing.T) { testStore(t, s) })

	in := Folder{id.NewTenant(), id.NewOrder()}
	sum, err := s.Put(t.Context(), in, []byte("a picture"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "kept/here/" + in.String() + "/" + sum.String(); string(b.objects[want].body) != "a picture" {
		t.Errorf("%s is not among %v", want, b.objects)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	b.failures = 1
	if _, err := s.Put(t.Context(), in, []byte("told to slow down")); err != nil || b.failures != 0 {
		t.Errorf("%v, %d failures left", err, b.failures)
	}
	b.failures = 2 * s3Tries
	if _, err := s.Put(t.Context(), in, []byte("told too often")); !errors.Is(err, ErrBusy) {
		t.Errorf("a busy store: %v", err)
	}
	if _, err := s.Get(t.Context(), in, sum); !errors.Is(err, ErrBusy) {
		t.Errorf("a busy store: %v", err)
	}
	b.failures = 0

	// What goes wrong is told apart: refused, or not to be reached.
	t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
	stranger := b.store(t)
	var refused *RefusedError
	if err := stranger.Check(t.Context()); !errors.As(err, &refused) {
		t.Errorf("a stranger gets %v", err)
	}
	if _, err := stranger.Put(t.Context(), in, []byte("x")); err == nil {
		t.Error("a stranger puts")
	}
	if err := stranger.Drop(t.Context(), in); err == nil {
		t.Error("a stranger drops")
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", b.secret)
	elsewhere := b.store(t)
	elsewhere.place.bucket = "nobodys"
	if err := elsewhere.Check(t.Context()); !errors.As(err, &refused) || refused.Code != "NoSuchBucket" {
		t.Errorf("a bucket that is not there: %v", err)
	}
	b.Close()
	if err := s.Check(t.Context()); err == nil || errors.As(err, &refused) {
		t.Errorf("a store that is down: %v", err)
	}
	if c, ok := b.Client().Transport.(*http.Transport); ok {
		c.CloseIdleConnections()
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	if s, err := Open("", "/srv/proofs"); err != nil || s.(*Dir).root != "/srv/proofs" {
		t.Errorf("%v, %v", s, err)
	}
	for text, want := range map[string]s3Place{
		"s3://b":               {host: amazon, secure: true, bucket: "b"},
		"s3://b/?region=eu-1":  {host: amazon, secure: true, bucket: "b", region: "eu-1"},
		"s3://b//x/../proofs/": {host: amazon, secure: true, bucket: "b", prefix: "proofs"},
		"s3://b/a/c?endpoint=http://minio:9000&path_style=true": {host: "minio:9000", bucket: "b", prefix: "a/c", pathStyle: true},
		"s3://b?endpoint=https://oss-cn-hangzhou.aliyuncs.com/": {host: "oss-cn-hangzhou.aliyuncs.com", secure: true, bucket: "b"},
	} {
		if got, err := parseS3(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
	for text, says := range map[string]string{
		"/srv/proofs":                  "want s3://BUCKET",
		"s3:///x":                      "want s3://BUCKET",
		"https://s3.amazonaws.com/b":   "want s3://BUCKET",
		"s3://key:secret@b":            "leave keys out",
		"s3://b?Endpoint=http://x":     "none of endpoint",
		"s3://b?endpoint=minio:9000":   "want https://HOST",
		"s3://b?endpoint=http://h/sub": "want https://HOST",
		"s3://b?path_style=perhaps":    "true or false",
	} {
		if _, err := Open(text, ""); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

package blob

import (
	"cmp"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// bucketServer is a bucket as S3's reference describes it, for what S3 asks: it takes nothing that is not signed (SigV4) or is damaged.
type bucketServer struct {
	*httptest.Server
	bucket, key, secret string
	pageSize            int

	mu       sync.Mutex
	objects  map[string]object
	failures int      // requests yet to be answered by 503
	seen     []string // method and path of what was signed well
}

type object struct {
	body []byte
	at   time.Time
}

func newBucketServer(t *testing.T) *bucketServer {
	t.Helper()
	b := &bucketServer{bucket: "proofs", key: "AKIAPAIDAN", secret: "a secret/of+signs=", pageSize: 2, objects: map[string]object{}}
	b.Server = httptest.NewTLSServer(b)
	t.Cleanup(b.Close)
	return b
}

func (b *bucketServer) store(t *testing.T) *S3 {
	t.Helper()
	p, err := parseS3("s3://" + b.bucket + "/kept/here?path_style=true&region=eu-test-1&endpoint=" + url.QueryEscape(b.URL))
	if err != nil {
		t.Fatal(err)
	}
	s, err := newS3(p, b.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (b *bucketServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if b.failures > 0 {
		b.failures--
		b.refuse(w, http.StatusServiceUnavailable, "SlowDown")
		return
	}
	if want := b.signature(r, body); !strings.HasSuffix(r.Header.Get("Authorization"), "Signature="+want) {
		b.refuse(w, http.StatusForbidden, "SignatureDoesNotMatch")
		return
	}
	b.seen = append(b.seen, r.Method+" "+r.URL.Path)
	name, ok := strings.CutPrefix(r.URL.Path, "/"+b.bucket+"/")
	o, found := b.objects[name]
	switch {
	case !ok:
		b.refuse(w, http.StatusNotFound, "NoSuchBucket")
	case name == "" && r.Method == http.MethodGet:
		b.list(w, r.URL.Query())
	case name == "" && r.Method == http.MethodHead:
	case r.Method == http.MethodPut:
		if sum := md5.Sum(body); base64.StdEncoding.EncodeToString(sum[:]) != r.Header.Get("Content-Md5") {
			b.refuse(w, http.StatusBadRequest, "BadDigest")
			return
		}
		b.objects[name] = object{body, time.Date(2026, 3, 2, 12, 0, len(b.seen), 0, time.UTC)}
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(b.objects, name)
		w.WriteHeader(http.StatusNoContent)
	case !found:
		b.refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", o.at.Format(http.TimeFormat))
		_, _ = w.Write(o.body)
	}
}

func (b *bucketServer) refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

// list answers ListObjectsV2, a page of it.
func (b *bucketServer) list(w http.ResponseWriter, q url.Values) {
	type content struct {
		Key          string
		LastModified string
		Size         int
	}
	page := struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []content
	}{}
	for _, name := range slices.Sorted(maps.Keys(b.objects)) {
		if !strings.HasPrefix(name, q.Get("prefix")) || name <= q.Get("continuation-token") {
			continue
		}
		if len(page.Contents) == b.pageSize {
			page.IsTruncated, page.NextContinuationToken = true, page.Contents[len(page.Contents)-1].Key
			break
		}
		page.Contents = append(page.Contents, content{name, b.objects[name].at.Format(time.RFC3339), len(b.objects[name].body)})
	}
	_ = xml.NewEncoder(w).Encode(page)
}

// signature is what a request's should be: AWS Signature Version 4, step by step as its reference tells it.
func (b *bucketServer) signature(r *http.Request, body []byte) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential="+b.key+"/")
	scope, rest, _ := strings.Cut(rest, ", SignedHeaders=")
	signed, _, _ := strings.Cut(rest, ",")
	if sum := sha256.Sum256(body); r.Header.Get("X-Amz-Content-Sha256") != hex.EncodeToString(sum[:]) && r.Header.Get("X-Amz-Content-Sha256") != "UNSIGNED-PAYLOAD" {
		return "of another body"
	}
	var headers strings.Builder
	for h := range strings.SplitSeq(signed, ";") {
		value := r.Header.Get(h)
		if h == "host" {
			value = r.Host
		}
		headers.WriteString(h + ":" + strings.TrimSpace(value) + "\n")
	}
	canonical := strings.Join([]string{
		r.Method, r.URL.EscapedPath(), strings.ReplaceAll(r.URL.Query().Encode(), "+", "%20"), headers.String(), signed, r.Header.Get("X-Amz-Content-Sha256"),
	}, "\n")
	sum := sha256.Sum256([]byte(canonical))
	key := []byte("AWS4" + b.secret)
	for part := range strings.SplitSeq(scope, "/") { // day, region, service, aws4_request
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, strings.Join([]string{"AWS4-HMAC-SHA256", r.Header.Get("X-Amz-Date"), cmp.Or(scope, "none"), hex.EncodeToString(sum[:])}, "\n")))
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte(text))
	return h.Sum(nil)
}

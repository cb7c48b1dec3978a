package blob

import (
	"errors"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Open is the store that a setting names: a Dir below folder where it is empty, an S3 where it is
// s3://BUCKET/PREFIX?endpoint=https://host:port&region=…&path_style=true. All but the bucket may be left out: it is then AWS's.
func Open(where, folder string) (Store, error) {
	if where == "" {
		return NewDir(folder), nil
	}
	place, err := parseS3(where)
	if err != nil {
		return nil, err
	}
	return newS3(place, nil)
}

// s3Place is where an S3 keeps its files.
type s3Place struct {
	host      string // with its port
	secure    bool
	region    string // empty: the store is asked
	bucket    string
	prefix    string // empty, or without slashes around it
	pathStyle bool   // host/bucket, not bucket.host
}

// amazon is where buckets are when nothing else is said.
const amazon = "s3.amazonaws.com"

var s3Options = []string{"endpoint", "region", "path_style"}

// parseS3 says of a wrong URL what to write instead.
func parseS3(text string) (s3Place, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "s3" || u.Host == "" {
		return s3Place{}, errors.New("want s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION")
	}
	if u.User != nil {
		return s3Place{}, errors.New("leave keys out of the URL: they are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the file named by AWS_SHARED_CREDENTIALS_FILE, or the machine's role")
	}
	q := u.Query()
	for key := range q {
		if !slices.Contains(s3Options, key) {
			return s3Place{}, fmt.Errorf("%q is none of %s", key, strings.Join(s3Options, ", "))
		}
	}
	p := s3Place{host: amazon, secure: true, region: q.Get("region"), bucket: u.Host, prefix: strings.Trim(path.Clean("/"+u.Path), "/")}
	if text := q.Get("endpoint"); text != "" {
		e, err := url.Parse(text)
		if err != nil || e.Host == "" || e.Scheme != "https" && e.Scheme != "http" || strings.Trim(e.Path, "/") != "" {
			return s3Place{}, fmt.Errorf("endpoint=%s: want https://HOST or https://HOST:PORT", text)
		}
		p.host, p.secure = e.Host, e.Scheme == "https"
	}
	if text := q.Get("path_style"); text != "" {
		if p.pathStyle, err = strconv.ParseBool(text); err != nil {
			return s3Place{}, fmt.Errorf("path_style=%s: want true or false", text)
		}
	}
	return p, nil
}

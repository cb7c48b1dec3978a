package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// list walks a list page by page. It ends after the first error.
func list[T any](ctx context.Context, c *Client, auth credential, path string, query url.Values) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		q := url.Values{}
		for k, v := range query {
			q[k] = v
		}
		for {
			var p page[T]
			k := call{name: "GET " + path, method: http.MethodGet, path: withQuery(path, q), repeatable: true, auth: auth, out: &p}
			if err := c.do(ctx, k); err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, x := range p.Data {
				if !yield(x, nil) {
					return
				}
			}
			if p.NextCursor == "" {
				return
			}
			q.Set("cursor", p.NextCursor)
		}
	}
}

func withQuery(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// Collect gathers a list, or the first error.
func Collect[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for x, err := range seq {
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

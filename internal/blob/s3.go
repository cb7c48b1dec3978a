package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// S3 keeps files in a bucket of an object store: prefix/tenant/order/sum. Nobody but this process needs to reach the bucket: files are
// private, and shown through it.
type S3 struct {
	client *minio.Client
	place  s3Place
}

// s3Tries is how often a request is made that the store did not take: whoever uploads is waiting for the answer.
const s3Tries = 3

// newS3 connects to nothing yet. A nil transport is the library's own.
func newS3(p s3Place, transport http.RoundTripper) (*S3, error) {
	lookup := minio.BucketLookupAuto
	if p.pathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(p.host, &minio.Options{
		Creds: credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{}, &credentials.FileAWSCredentials{}, &credentials.IAM{},
		}),
		Secure: p.secure, Region: p.region, BucketLookup: lookup, Transport: transport, MaxRetries: s3Tries,
	})
	if err != nil {
		return nil, fmt.Errorf("set up the object store: %w", err)
	}
	return &S3{client, p}, nil
}

// Put keeps content. The store computes its MD5 and refuses what was damaged on the way.
func (s *S3) Put(ctx context.Context, in Folder, content []byte) (Sum, error) {
	sum := Sum(sha256.Sum256(content))
	_, err := s.client.PutObject(ctx, s.place.bucket, s.name(in, sum), bytes.NewReader(content), int64(len(content)), minio.PutObjectOptions{
		ContentType: "application/octet-stream", SendContentMd5: true, DisableMultipart: true,
	})
	if err != nil {
		return sum, fmt.Errorf("keep a file: %w", busy(err))
	}
	return sum, nil
}

// Get opens a file for reading; the caller closes it. ErrNotFound.
func (s *S3) Get(ctx context.Context, in Folder, sum Sum) (io.ReadCloser, error) {
	core := minio.Core{Client: s.client} // whose GetObject is one request, made at once
	body, _, _, err := core.GetObject(ctx, s.place.bucket, s.name(in, sum), minio.GetObjectOptions{})
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open a file: %w", busy(err))
	}
	return body, nil
}

// busy is an error with ErrBusy where the store says that the fault is its own.
func busy(err error) error {
	if minio.ToErrorResponse(err).StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

// Drop deletes a folder file by file; one that is not there is no error.
func (s *S3) Drop(ctx context.Context, in Folder) error {
	options := minio.ListObjectsOptions{Prefix: path.Join(s.place.prefix, in.String()) + "/", Recursive: true}
	for o := range s.client.ListObjectsIter(ctx, s.place.bucket, options) {
		err := o.Err
		if err == nil {
			err = s.client.RemoveObject(ctx, s.place.bucket, o.Key, minio.RemoveObjectOptions{})
		}
		if err != nil {
			return fmt.Errorf("drop the files of order %s: %w", in.Order, err)
		}
	}
	return nil
}

// RefusedError means that the store answers, and says no.
type RefusedError struct{ Code, Message string }

func (e *RefusedError) Error() string {
	return fmt.Sprintf("the object store refuses (%s): %s", e.Code, e.Message)
}

// Check asks for the bucket.
func (s *S3) Check(ctx context.Context) error {
	found, err := s.client.BucketExists(ctx, s.place.bucket)
	var answer minio.ErrorResponse
	switch {
	case err == nil && found:
		return nil
	case err == nil:
		return &RefusedError{minio.NoSuchBucket, "there is no bucket " + s.place.bucket}
	case errors.As(err, &answer) && answer.StatusCode >= 400 && answer.StatusCode < 500 && answer.StatusCode != http.StatusTooManyRequests:
		return &RefusedError{answer.Code, answer.Message}
	}
	return fmt.Errorf("reach the object store: %w", err)
}

func (s *S3) name(in Folder, sum Sum) string {
	return path.Join(s.place.prefix, in.String(), sum.String())
}

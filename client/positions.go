package client

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"sync"
	"time"
)

// gzipFrom is the size at which packing pays: a short batch fits into one packet anyway.
const gzipFrom = 1400

var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails only for a level that does not exist
	return w
}}

// encodeFixes writes the batch by hand: with thousands of riders it is the most frequent call by far.
func encodeFixes(fixes []Fix) (raw []byte, gzipped bool) {
	b := make([]byte, 0, 16+len(fixes)*128)
	b = append(b, `{"fixes":[`...)
	for i, f := range fixes {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"seq":`...)
		b = strconv.AppendInt(b, f.Seq, 10)
		b = append(b, `,"at":"`...)
		b = f.At.UTC().AppendFormat(b, time.RFC3339Nano)
		b = append(b, `","lat":`...)
		b = strconv.AppendFloat(b, f.Lat, 'f', 6, 64)
		b = append(b, `,"lng":`...)
		b = strconv.AppendFloat(b, f.Lng, 'f', 6, 64)
		b = append(b, `,"accuracy_m":`...)
		b = strconv.AppendFloat(b, f.AccuracyM, 'f', 1, 64)
		if f.SpeedMps != nil {
			b = append(b, `,"speed_mps":`...)
			b = strconv.AppendFloat(b, *f.SpeedMps, 'f', 1, 64)
		}
		b = append(b, '}')
	}
	b = append(b, `]}`...)
	if len(b) < gzipFrom {
		return b, false
	}
	var out bytes.Buffer
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&out)
	_, _ = w.Write(b) // into memory: cannot fail
	_ = w.Close()
	return out.Bytes(), true
}

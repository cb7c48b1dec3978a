package api

import (
	"encoding/json"
	"math"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
)

// publishedProto is docs/positions.proto as the official library knows it.
func publishedProto(tb testing.TB) protoreflect.MessageDescriptor {
	tb.Helper()
	text, err := os.ReadFile("../docs/positions.proto")
	if err != nil {
		tb.Fatal(err)
	}
	types := map[string]descriptorpb.FieldDescriptorProto_Type{
		"int64": descriptorpb.FieldDescriptorProto_TYPE_INT64, "sfixed32": descriptorpb.FieldDescriptorProto_TYPE_SFIXED32,
		"float": descriptorpb.FieldDescriptorProto_TYPE_FLOAT, "bool": descriptorpb.FieldDescriptorProto_TYPE_BOOL,
		"Fix": descriptorpb.FieldDescriptorProto_TYPE_MESSAGE,
	}
	file := &descriptorpb.FileDescriptorProto{Name: new("positions.proto"), Package: new("paidan.v1"), Syntax: new("proto3")}
	for _, message := range regexp.MustCompile(`(?s)message (\w+) \{(.*?)\n\}`).FindAllStringSubmatch(string(text), -1) {
		d := &descriptorpb.DescriptorProto{Name: new(message[1])}
		for _, x := range regexp.MustCompile(`(?m)^  (optional |repeated )?(\w+) (\w+) = (\d+);`).FindAllStringSubmatch(message[2], -1) {
			n, _ := strconv.Atoi(x[4])
			kind, known := types[x[2]]
			if !known {
				tb.Fatalf("type %s", x[2])
			}
			f := &descriptorpb.FieldDescriptorProto{Name: new(x[3]), Number: new(int32(n)), Type: kind.Enum(), Label: descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL.Enum()}
			switch x[1] {
			case "repeated ":
				f.Label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED.Enum()
			case "optional ":
				f.Proto3Optional, f.OneofIndex = new(true), new(int32(len(d.OneofDecl)))
				d.OneofDecl = append(d.OneofDecl, &descriptorpb.OneofDescriptorProto{Name: new("_" + x[3])})
			}
			if kind == descriptorpb.FieldDescriptorProto_TYPE_MESSAGE {
				f.TypeName = new(".paidan.v1." + x[2])
			}
			d.Field = append(d.Field, f)
		}
		file.MessageType = append(file.MessageType, d)
	}
	fd, err := protodesc.NewFile(file, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return fd.Messages().ByName("PositionBatch")
}

// officially reads a message by the official library, and reports false where our decoder should refuse it.
func officially(desc protoreflect.MessageDescriptor, body []byte) (fixes []protoFix, ok bool) {
	m := dynamicpb.NewMessage(desc)
	if proto.Unmarshal(body, m) != nil {
		return nil, false
	}
	list := m.Get(desc.Fields().ByName("fixes")).List()
	for i := range list.Len() {
		fix := list.Get(i).Message()
		field := func(name protoreflect.Name) protoreflect.FieldDescriptor {
			return fix.Descriptor().Fields().ByName(name)
		}
		get := func(name protoreflect.Name) protoreflect.Value { return fix.Get(field(name)) }
		fixes = append(fixes, protoFix{
			seq: get("seq").Int(), atMs: get("at_ms").Int(), latE7: int32(get("lat_e7").Int()), lngE7: int32(get("lng_e7").Int()),
			accuracy: float32(get("accuracy_m").Float()), mock: get("mock").Bool(),
			speed: float32(get("speed_mps").Float()), hasSpeed: fix.Has(field("speed_mps")),
			heading: float32(get("heading_deg").Float()), hasHeading: fix.Has(field("heading_deg")),
		})
	}
	if len(fixes) < 1 || len(fixes) > rider.MaxFixes {
		return nil, false
	}
	for i := range fixes {
		if len(fixes[i].check(nil, i)) > 0 {
			return nil, false
		}
	}
	return fixes, true
}

// appendProto writes a batch as a phone would.
func appendProto(out []byte, fixes ...protoFix) []byte {
	for _, f := range fixes {
		var b []byte
		b = protowire.AppendVarint(protowire.AppendTag(b, fixSeq, protowire.VarintType), uint64(f.seq))
		b = protowire.AppendVarint(protowire.AppendTag(b, fixAtMs, protowire.VarintType), uint64(f.atMs))
		b = protowire.AppendFixed32(protowire.AppendTag(b, fixLatE7, protowire.Fixed32Type), uint32(f.latE7))
		b = protowire.AppendFixed32(protowire.AppendTag(b, fixLngE7, protowire.Fixed32Type), uint32(f.lngE7))
		b = protowire.AppendFixed32(protowire.AppendTag(b, fixAccuracyM, protowire.Fixed32Type), math.Float32bits(f.accuracy))
		if f.hasSpeed {
			b = protowire.AppendFixed32(protowire.AppendTag(b, fixSpeedMps, protowire.Fixed32Type), math.Float32bits(f.speed))
		}
		if f.hasHeading {
			b = protowire.AppendFixed32(protowire.AppendTag(b, fixHeadingDeg, protowire.Fixed32Type), math.Float32bits(f.heading))
		}
		if f.mock {
			b = protowire.AppendVarint(protowire.AppendTag(b, fixMock, protowire.VarintType), 1)
		}
		out = protowire.AppendBytes(protowire.AppendTag(out, batchFixes, protowire.BytesType), b)
	}
	return out
}

func someProto(seq int64) protoFix {
	return protoFix{seq: seq, atMs: noon.UnixMilli() + seq, latE7: 437731000, lngE7: 112560000, accuracy: 8, speed: 4.5, hasSpeed: true, heading: 90, hasHeading: true}
}

// Our decoder takes what the official one takes (and is in order), and reads the same.
func FuzzPositionsProto(f *testing.F) {
	desc := publishedProto(f)
	odd := someProto(3)
	odd.hasSpeed, odd.mock, odd.speed = false, true, 0
	f.Add(appendProto(nil, someProto(1), someProto(2), odd))
	f.Add(appendProto(protowire.AppendVarint(protowire.AppendTag(nil, 9, protowire.VarintType), 7), someProto(1)))          // a field of later
	f.Add(append(appendProto(nil, someProto(1)), protowire.AppendTag(nil, 5, protowire.EndGroupType)...))                   // not a message
	f.Add(protowire.AppendBytes(protowire.AppendTag(nil, batchFixes, protowire.BytesType), append(appendProto(nil), 0x0a))) // cut short
	f.Fuzz(func(t *testing.T, body []byte) {
		want, ok := officially(desc, body)
		var b fixBatch
		if err := b.readProto(body); (err == nil) != ok {
			t.Fatalf("ours says %v, the official one %v", err, ok)
		}
		if !ok {
			return
		}
		var w fixBatch
		for _, x := range want {
			w.fixes = append(w.fixes, x.fix(&w))
		}
		if diff := cmp.Diff(w.fixes, b.fixes); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What the quick reader takes the schema would take too, and it reads the same.
func FuzzPositionsJSON(f *testing.F) {
	for _, s := range plainBatches {
		f.Add(s)
	}
	f.Add(`{"fixes":[{"seq":1,"at":"2026-03-02T12:00:00Z","lat":-0.0,"lng":1e1,"accuracy_m":05,"speed_mps":null,"heading_deg":1.}]}`)
	f.Add(`{"fixes":[{"seq":9223372036854775807,"at":"0000-01-01T00:00:00Z","lat":-90,"lng":-180,"accuracy_m":0,"mock":1}]}`)
	f.Add(`{"fixes":[null],"Fixes":[]}`)
	s, err := New(Deps{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var quick, slow fixBatch
		plain := quick.readPlainJSON([]byte(body))
		err := s.readAnyJSON(&slow, []byte(body))
		for _, fix := range slow.fixes {
			if !(geo.LatLng{Lat: fix.Lat, Lng: fix.Lng}).Valid() || fix.AccuracyM < 0 || fix.Seq < 0 {
				t.Errorf("let in: %+v", fix)
			}
		}
		if !plain {
			return
		}
		if diff := cmp.Diff(slow.fixes, quick.fixes); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

var plainBatches = []string{
	`{"fixes":[{"seq":1,"at":"2026-03-02T12:00:00Z","lat":43.7,"lng":11.2,"accuracy_m":5,"speed_mps":3,"heading_deg":359.9}]}`,
	` { "fixes" : [ { "at" : "2026-03-02T12:00:00.123456789+08:00" , "seq":0, "lng":-11.25, "lat":-43, "accuracy_m":0.5, "mock":true },
		{"seq":2,"at":"2026-03-02T12:00:00Z","lat":0,"lng":-0,"accuracy_m":0,"mock":false} ] } `,
}

func TestPlainBatchesTakeTheQuickWay(t *testing.T) {
	t.Parallel()
	for _, s := range plainBatches {
		if !new(fixBatch).readPlainJSON([]byte(s)) {
			t.Errorf("not plain: %s", s)
		}
	}
	full := PositionBatch{Fixes: make([]Fix, rider.MaxFixes)}
	for i := range full.Fixes {
		full.Fixes[i] = Fix{Seq: int64(i), At: noon.Add(time.Duration(i) * time.Second), Lat: 43.7731 + float64(i)*1e-5, Lng: 11.256, AccuracyM: 7.5, SpeedMps: new(4.5)}
	}
	raw, err := json.Marshal(full)
	if err != nil {
		t.Fatal(err)
	}
	if !new(fixBatch).readPlainJSON(raw) {
		t.Error("what encoding/json writes is not plain")
	}
}

func TestPositionsAsProtobuf(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	phone := func(r *http.Request) { c.phone(r); r.Header.Set("Content-Type", protobuf) }
	faked, ahead := someProto(3), someProto(4)
	faked.mock, ahead.atMs = true, noon.Add(time.Hour).UnixMilli()
	got := w.ok(t, phone, "POST", "/v1/rider/positions", appendProto(nil, someProto(1), someProto(1), someProto(2), faked, ahead))
	if got.at("accepted") != 2.0 || got.at("duplicate") != 1.0 || got.at("mock") != 1.0 || got.at("future") != 1.0 {
		t.Errorf("%s", got.raw)
	}
	if last, ok := w.api.index.Last(c.tenant, c.rider.ID); !ok || last.Seq != 2 || *last.SpeedMps != 4.5 || math.Abs(last.Lat-43.7731) > 1e-6 {
		t.Errorf("the index has %+v, %v", last, ok)
	}
	bad := []protoFix{someProto(1), {seq: -1, latE7: 900000001, lngE7: -1800000001, accuracy: float32(math.NaN()), speed: 1001, hasSpeed: true, heading: -1, hasHeading: true}}
	r := w.refused(t, phone, "POST", "/v1/rider/positions", appendProto(nil, bad...), codeValidation)
	var fields []string
	for _, f := range r.at("errors").([]any) {
		fields = append(fields, f.(m)["field"].(string))
	}
	if diff := cmp.Diff([]string{
		"fixes[1].seq", "fixes[1].at_ms", "fixes[1].lat_e7", "fixes[1].lng_e7", "fixes[1].accuracy_m", "fixes[1].speed_mps", "fixes[1].heading_deg",
	}, fields); diff != "" {
		t.Error(diff)
	}
	var many []protoFix
	for i := range rider.MaxFixes + 1 {
		many = append(many, someProto(int64(i)))
	}
	for name, body := range map[string][]byte{"none": {}, "too many": appendProto(nil, many...), "JSON": []byte(plainBatches[0])} {
		if r := w.refused(t, phone, "POST", "/v1/rider/positions", body, codeValidation); r.at("errors") == nil {
			t.Errorf("%s: %s", name, r.raw)
		}
	}
	xml := func(r *http.Request) { c.phone(r); r.Header.Set("Content-Type", "text/xml") }
	w.refused(t, xml, "POST", "/v1/rider/positions", []byte("<x/>"), codeMediaType)
	utf8 := func(r *http.Request) { c.phone(r); r.Header.Set("Content-Type", "application/json; charset=utf-8") }
	w.ok(t, utf8, "POST", "/v1/rider/positions", []byte(plainBatches[0]))
}

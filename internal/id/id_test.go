package id

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

type thing struct{}

func (thing) Prefix() string { return "prefix" }

// The valid vectors of the TypeID specification.
func TestSpecVectors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"prefix_00000000000000000000000001": "00000000-0000-0000-0000-000000000001",
		"prefix_0000000000000000000000000a": "00000000-0000-0000-0000-00000000000a",
		"prefix_0000000000000000000000000g": "00000000-0000-0000-0000-000000000010",
		"prefix_00000000000000000000000010": "00000000-0000-0000-0000-000000000020",
		"prefix_7zzzzzzzzzzzzzzzzzzzzzzzzz": "ffffffff-ffff-ffff-ffff-ffffffffffff",
		"prefix_0123456789abcdefghjkmnpqrs": "0110c853-1d09-52d8-d73e-1194e95b5f19",
		"prefix_01h455vb4pex5vsknk084sn02q": "01890a5d-ac96-774b-bcce-b302099a8057",
	} {
		got, err := Parse[thing](text)
		if err != nil {
			t.Fatal(err)
		}
		if got.UUID() != uuid.MustParse(want) {
			t.Errorf("%s = %s, want %s", text, got.UUID(), want)
		}
		if got.String() != text {
			t.Errorf("%s is written as %s", text, got)
		}
	}
}

func TestRefusesWhatIsNotAnID(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"prefix_", "other_01h455vb4pex5vsknk084sn02q", "01h455vb4pex5vsknk084sn02q",
		"prefix_8zzzzzzzzzzzzzzzzzzzzzzzzz", "prefix_01h455vb4pex5vsknk084sn02", "prefix_01H455VB4PEX5VSKNK084SN02Q",
		"prefix_0u000000000000000000000000",
	} {
		if x, err := Parse[thing](text); err == nil {
			t.Errorf("%q was read as %s", text, x.UUID())
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var x Of[thing]
		copy(x[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
		y, err := Parse[thing](x.String())
		if err != nil || x != y {
			t.Fatalf("%v became %v: %v", x, y, err)
		}
	})
}

func TestDatabaseForms(t *testing.T) {
	t.Parallel()
	x := New[thing]()
	v, err := x.Value()
	if err != nil {
		t.Fatal(err)
	}
	var y Of[thing]
	if err := y.Scan(v); err != nil || x != y {
		t.Fatalf("%v became %v: %v", x, y, err)
	}
	if v, _ := (Of[thing]{}).Value(); v != nil {
		t.Fatalf("no id is stored as %v", v)
	}
}

package id

// TypeID writes the 128 bits as 26 digits of Crockford's base32, the first digit holding only three bits.
const (
	alphabet  = "0123456789abcdefghjkmnpqrstvwxyz"
	suffixLen = 26
)

var digitOf = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for i := range len(alphabet) {
		t[alphabet[i]] = byte(i)
	}
	return t
}()

func encode(u [16]byte) string {
	var out [suffixLen]byte
	bit := -2 // the 130 digit bits start two before the id's first
	for i := range out {
		var v byte
		for range 5 {
			v <<= 1
			if bit >= 0 {
				v |= u[bit/8] >> (7 - bit%8) & 1
			}
			bit++
		}
		out[i] = alphabet[v]
	}
	return string(out[:])
}

func decode(s []byte) (u [16]byte, ok bool) {
	if len(s) != suffixLen || digitOf[s[0]] > 7 {
		return u, false
	}
	bit := -2
	for _, c := range s {
		v := digitOf[c]
		if v == 0xff {
			return u, false
		}
		for k := 4; k >= 0; k-- {
			if bit >= 0 {
				u[bit/8] |= (v >> k & 1) << (7 - bit%8)
			}
			bit++
		}
	}
	return u, true
}

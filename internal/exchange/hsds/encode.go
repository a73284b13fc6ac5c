package hsds

import (
	"bytes"
	"encoding/json"
)

// ID is the document's own id.
func (d Doc) ID() string {
	for _, m := range d {
		if m.key == "id" {
			return text(m.value)
		}
	}
	return ""
}

// MarshalJSON writes the document with its keys in order.
func (d Doc) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := d.write(&b)
	return b.Bytes(), err
}

// write puts documents out without packing them again at each level, as
// json.Marshal would.
func (d Doc) write(b *bytes.Buffer) error {
	b.WriteByte('{')
	for i, m := range d {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := put(b, m.key); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := put(b, m.value); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func put(b *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case Doc:
		return v.write(b)
	case []Doc:
		b.WriteByte('[')
		for i, d := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := d.write(b); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	default:
		out, err := json.Marshal(v)
		b.Write(out)
		return err
	}
}

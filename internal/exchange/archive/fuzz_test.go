package archive_test

import (
	"bytes"
	"errors"
	"testing"

	"commonweal/internal/exchange/archive"
)

// FuzzArchive hands in what anybody might: a zip, or the lines of one table in
// a sound zip. It is read, or refused in words; nothing else.
func FuzzArchive(f *testing.F) {
	s := onSQLite(f)
	sound := unzipped(f, s.written(s.lived("Oak").ID, archive.Whole))
	f.Add([]byte("PK"), true)
	f.Add([]byte(`{"age":"adult"}`), false)
	f.Add([]byte("null\n"), false)
	f.Add([]byte(`{"a":{"a":{"a":[[[[]]]]}}}`+"\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, isZip bool) {
		zipped := data
		if !isZip {
			sound["json/person.ndjson"] = string(data)
			zipped = rezipped(t, sound)
		}
		a, err := archive.Open(bytes.NewReader(zipped), int64(len(zipped)))
		if err == nil {
			err = a.Check(t.Context(), s.d, nil)
		}
		if _, ok := errors.AsType[*archive.Refused](err); err != nil && !ok {
			t.Errorf("neither read nor refused: %v", err)
		}
	})
}

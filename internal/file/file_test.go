package file_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/fault"
	"commonweal/internal/file"
)

const here = "initiative-1"

func read(t *testing.T, content string) file.Content {
	t.Helper()
	c, err := file.Read(strings.NewReader(content), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func put(t *testing.T, d *db.DB, c file.Content) {
	t.Helper()
	if err := d.Tx(t.Context(), func(q db.Querier) error { return file.Put(t.Context(), q, here, c) }); err != nil {
		t.Fatal(err)
	}
}

func TestAFileIsKeptUnderItsHash(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		zip := "PK\x03\x04\x00\xff\x00bytes of every kind\x00"
		c := read(t, zip)
		put(t, d, c)
		put(t, d, c) // twice is once
		f, data, err := file.Get(t.Context(), d.Read(), here, c.SHA256)
		if err != nil || !bytes.Equal(data, []byte(zip)) || f.MediaType != "application/zip" || f.Size != int64(len(zip)) || f.Put.IsZero() {
			t.Errorf("%+v, %q, %v", f, data, err)
		}
		if _, _, err := file.Get(t.Context(), d.Read(), "initiative-2", c.SHA256); !fault.Is(err, fault.NotFound) {
			t.Errorf("another initiative's file: %v", err)
		}
		remove := func() error {
			return d.Tx(t.Context(), func(q db.Querier) error { return file.Remove(t.Context(), q, here, c.SHA256) })
		}
		if err := remove(); err != nil {
			t.Fatal(err)
		}
		if err := remove(); !fault.Is(err, fault.NotFound) {
			t.Errorf("removed twice: %v", err)
		}
	})
}

func TestTheHashIsSHA256(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, "abc"
	if got := read(t, "abc").SHA256; got != want {
		t.Errorf("got %s", got)
	}
}

func TestWhatAFileIsComesFromItsBytes(t *testing.T) {
	for content, want := range map[string]string{
		"PK\x03\x04 a zip":                "application/zip",
		"%PDF-1.7":                        "application/pdf",
		"\x1f\x8b\x08":                    "application/gzip",
		"age-encryption.org/v1\n-> X":     "application/age",
		`{"gifts": ["pan dulce, sí"]}`:    "text/plain; charset=utf-8",
		"BMX riding":                      "text/plain; charset=utf-8",
		"<script>alert(1)</script>":       "text/plain; charset=utf-8",
		"<!doctype html><p>never as html": "text/plain; charset=utf-8",
	} {
		if got := read(t, content).MediaType; got != want {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	const limit = 64
	for content, want := range map[string]string{
		"":                                       "file.empty",
		strings.Repeat("x", limit+1):             "file.large",
		"\x89PNG\r\n\x1a\n":                      "file.picture",
		"\xff\xd8\xff\xe1 with the place inside": "file.picture",
		"GIF89a\x01\x80":                         "file.picture",
		"RIFF\x00\x00\x00\x00WEBPVP8 ":           "file.picture",
		"\x00\x00\x00\x18ftypheic":               "file.picture",
		"<?xml version='1.0'?>\n<SVG onload=x>":  "file.picture",
		"MZ\x90\x00\x03":                         "file.unknown",
		"text with a \x00 in it":                 "file.unknown",
	} {
		_, err := file.Read(strings.NewReader(content), limit)
		e, ok := errors.AsType[*fault.Error](err)
		if !ok || e.Kind != fault.Invalid || e.Message.Key != want {
			t.Errorf("%.30q: %v, want %s", content, err, want)
		}
	}
	if _, err := file.Read(strings.NewReader(strings.Repeat("x", limit)), limit); err != nil {
		t.Errorf("a file of just the limit: %v", err)
	}
}

// endless is a file that doesn't end until it has done no harm yet.
type endless struct{ n int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.n > 1<<23 {
		return 0, io.EOF
	}
	e.n += int64(len(p))
	return len(p), nil
}

func TestAnEndlessFileIsReadNoFurtherThanItsLimit(t *testing.T) {
	const limit = 1 << 20
	e := &endless{}
	if _, err := file.Read(e, limit); !fault.Is(err, fault.Invalid) {
		t.Errorf("error = %v", err)
	}
	if e.n > limit+1 {
		t.Errorf("read %d bytes", e.n)
	}
	broken := io.MultiReader(strings.NewReader("x"), &failing{})
	if _, err := file.Read(broken, limit); err == nil || fault.Is(err, fault.Invalid) {
		t.Errorf("a connection that broke: %v", err)
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

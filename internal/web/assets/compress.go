package assets

import (
	"bytes"
	"compress/gzip"

	"github.com/andybalholm/brotli"
)

// Encoded gives the asset's bytes in the first encoding that is accepted, and
// that encoding's name, or "" for none.
func (a *Asset) Encoded(acceptsBrotli, acceptsGzip bool) (text []byte, encoding string) {
	a.once.Do(a.compress)
	switch {
	case acceptsBrotli && a.br != nil:
		return a.br, "br"
	case acceptsGzip && a.gzip != nil:
		return a.gzip, "gzip"
	}
	return a.Plain, ""
}

// compress keeps the two encodings when they are worth it: a font is
// compressed already.
func (a *Asset) compress() {
	if a.Type == "font/woff2" || a.Type == "image/png" {
		return
	}
	var br, gz bytes.Buffer
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	g, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		return
	}
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{b, g} {
		if _, err := w.Write(a.Plain); err != nil {
			return
		}
		if err := w.Close(); err != nil {
			return
		}
	}
	if br.Len() < len(a.Plain) {
		a.br = br.Bytes()
	}
	if gz.Len() < len(a.Plain) {
		a.gzip = gz.Bytes()
	}
}

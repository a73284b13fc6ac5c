// Package assets is what pages load besides themselves: the stylesheets, the
// fonts with their licences, the drawings. Everything is in the program, under
// a name that changes with its bytes, compressed beforehand, so that a browser
// fetches it once and keeps it.
package assets

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed css font img js licence
var files embed.FS

// Prefix begins the path of every asset.
const Prefix = "/assets/"

// The stylesheets. They differ in their fonts only.
const (
	Sheet  = "app.css"       // our two fonts
	Plain  = "app-plain.css" // none: for a phone that asks to save data
	Clear  = "app-clear.css" // one font with clearer letters
	Icon   = "icon.svg"      // our sign
	Worker = "sw.js"         // the doorstep without signal
	hashed = 10              // hexadecimal digits of the hash in a name
)

// sheets are the files that make each stylesheet, in order.
var sheets = map[string][]string{
	Sheet: append([]string{"font.css"}, look...),
	Plain: look,
	Clear: append(append([]string{}, look...), "font-clear.css"),
}

// look is how everything looks, apart from its fonts.
var look = []string{"token.css", "base.css", "layout.css", "part.css", "form.css", "chart.css", "print.css"}

// Asset is one file as it is served.
type Asset struct {
	Path  string // "/assets/app-0f1e2d3c4b.css"
	Type  string
	Plain []byte
	once  sync.Once
	gzip  []byte
	br    []byte
}

var all = sync.OnceValue(load)

type set struct {
	byName map[string]*Asset // "app.css"
	byPath map[string]*Asset
}

// Path is where an asset is served. Fonts, drawings and licences go by their
// file name, stylesheets by the constants above.
func Path(name string) string {
	if a := all().byName[name]; a != nil {
		return a.Path
	}
	return ""
}

// At finds an asset by the path it is served at.
func At(path string) (*Asset, bool) {
	a, ok := all().byPath[path]
	return a, ok
}

// All are the assets by their plain name.
func All() map[string]*Asset { return all().byName }

// load never fails: what it reads is inside the program.
func load() set {
	s := set{byName: map[string]*Asset{}, byPath: map[string]*Asset{}}
	for _, dir := range []string{"font", "img", "js", "licence"} {
		entries, _ := fs.ReadDir(files, dir)
		for _, e := range entries {
			text, _ := files.ReadFile(path.Join(dir, e.Name()))
			s.add(e.Name(), text)
		}
	}
	for name, parts := range sheets {
		var text bytes.Buffer
		for _, part := range parts {
			css, _ := files.ReadFile(path.Join("css", part))
			text.Write(css)
		}
		s.add(name, s.linked(squeeze(text.Bytes())))
	}
	return s
}

func (s set) add(name string, text []byte) {
	sum := sha256.Sum256(text)
	ext := path.Ext(name)
	a := &Asset{
		Path:  Prefix + strings.TrimSuffix(name, ext) + "-" + hex.EncodeToString(sum[:])[:hashed] + ext,
		Type:  types[ext],
		Plain: text,
	}
	s.byName[name], s.byPath[a.Path] = a, a
}

var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".woff2": "font/woff2",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/manifest+json",
	".txt":   "text/plain; charset=utf-8",
}

// linked writes the hashed names into a stylesheet's url(…).
func (s set) linked(css []byte) []byte {
	for name, a := range s.byName {
		css = bytes.ReplaceAll(css, []byte("url("+name+")"), []byte("url("+path.Base(a.Path)+")"))
	}
	return css
}

// squeeze takes comments and needless spaces out of a stylesheet. Our
// stylesheets have no strings with braces or comments in them; a test looks.
func squeeze(css []byte) []byte {
	var out bytes.Buffer
	for len(css) > 0 {
		switch c := css[0]; {
		case bytes.HasPrefix(css, []byte("/*")):
			_, rest, _ := bytes.Cut(css[2:], []byte("*/"))
			css = rest
		case isSpace(c):
			css = bytes.TrimLeft(css, " \t\r\n")
			if out.Len() > 0 && len(css) > 0 && !tight(out.Bytes()[out.Len()-1]) && !tight(css[0]) {
				out.WriteByte(' ')
			}
		case c == '}' && out.Len() > 0 && out.Bytes()[out.Len()-1] == ';':
			out.Truncate(out.Len() - 1)
			out.WriteByte(c)
			css = css[1:]
		default:
			out.WriteByte(c)
			css = css[1:]
			if c == ':' { // "color: red", while "a :focus" keeps the space before it
				css = bytes.TrimLeft(css, " ")
			}
		}
	}
	return out.Bytes()
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func tight(c byte) bool { return strings.IndexByte("{};,>", c) >= 0 }

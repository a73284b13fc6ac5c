package hsds

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path"
	"slices"
	"strings"

	"commonweal/internal/fault"
)

// readJSON reads documents in every way in which the standard and people's
// programs lay them out: one document, a list, a Page of an API, a document on
// each line, or tables by their names. name is the file's, which helps to tell
// what a short document is about.
func readJSON(name string, r io.Reader, limits Limits) (Package, error) {
	b := newBuilder(V3, limits)
	if err := flattenAll(b, name, &capped{r: r, left: limits.Bytes}); err != nil {
		return Package{}, err
	}
	if b.rows == 0 && len(b.pack.Warnings) > 0 {
		return Package{}, refuse("hsds.file.empty")
	}
	return b.finish(), nil
}

// flattenAll reads a file of JSON into a package.
func flattenAll(b *builder, name string, r io.Reader) error {
	f := flattener{builder: b, hint: hinted(name)}
	in := json.NewDecoder(r)
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = f.top(in, token)
		}
		if err != nil {
			return malformed(err)
		}
	}
}

// hinted is the table that a file's name speaks of: service for
// service_list.json, and nothing for county.json.
func hinted(name string) string {
	stem := strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	for {
		if t := tableOf(stem); t != "" {
			return t
		}
		i := strings.LastIndexAny(stem, "_- .")
		if i < 0 {
			return ""
		}
		stem = stem[:i]
	}
}

// malformed is what a person reads of an error of the decoder.
func malformed(err error) error {
	if fault.Is(err, fault.Invalid) {
		return err
	}
	return fault.Because(err, fault.Invalid, "hsds.file.json")
}

// capped is a reader that refuses to give more than so much.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, refuse("hsds.file.large")
	}
	return n, err
}

// flattener takes documents apart into rows.
type flattener struct {
	*builder
	hint string // the table that the file's name speaks of
	docs int    // documents so far
}

// top reads one value at the top of a file, of which token is the beginning. Lists are read document by
// document, so that a large file is never held twice.
func (f *flattener) top(in *json.Decoder, token json.Token) error {
	switch token {
	case json.Delim('['):
		return f.list(in, f.hint)
	case json.Delim('{'):
		return f.object(in)
	}
	return refuse("hsds.file.json")
}

func (f *flattener) list(in *json.Decoder, hint string) error {
	for in.More() {
		doc, err := f.next(in)
		if err != nil {
			return err
		}
		if err := f.document(doc, hint); err != nil {
			return err
		}
	}
	_, err := in.Token()
	return err
}

// next reads one value whole, after looking at how deep it goes.
func (f *flattener) next(in *json.Decoder) (any, error) {
	var raw json.RawMessage
	if err := in.Decode(&raw); err != nil {
		return nil, err
	}
	if depth(raw) > f.limits.Depth {
		return nil, refuse("hsds.file.deep", "max", f.limits.Depth)
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return v, d.Decode(&v)
}

// depth is how deep lists and documents stand within each other.
func depth(raw []byte) int {
	deepest, now := 0, 0
	inText, escaped := false, false
	for _, c := range raw {
		switch {
		case escaped:
			escaped = false
		case inText:
			escaped = c == '\\'
			inText = c != '"'
		case c == '"':
			inText = true
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

// object reads an object at the top: a Page's contents and tables are read as
// lists; anything else is a document itself.
func (f *flattener) object(in *json.Decoder) error {
	doc := map[string]any{}
	for in.More() {
		token, err := in.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		hint, isTable := f.hint, name == "contents"
		if t := tableOf(strings.TrimSuffix(name, ".csv")); t != "" && strings.HasSuffix(name, ".csv") {
			hint, isTable = t, true
		}
		if isTable {
			if token, err = in.Token(); err != nil {
				return err
			}
			if token != json.Delim('[') {
				return refuse("hsds.file.json")
			}
			if err := f.list(in, hint); err != nil {
				return err
			}
			doc = nil
			continue
		}
		v, err := f.next(in)
		if err != nil {
			return err
		}
		if doc != nil {
			doc[name] = v
		}
	}
	if _, err := in.Token(); err != nil || doc == nil {
		return err
	}
	return f.loose(doc)
}

// loose reads an object that is a document, or tables by their names, or what
// an API says of itself.
func (f *flattener) loose(doc map[string]any) error {
	if _, says := doc["openapi_url"]; says && doc["id"] == nil {
		return nil
	}
	if doc["id"] != nil || doc["name"] != nil {
		return f.document(doc, f.hint)
	}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		list, isList := doc[name].([]any)
		if t := tableOf(name); t != "" && isList {
			for _, v := range list {
				if err := f.document(v, t); err != nil {
					return err
				}
			}
		}
	}
	if f.docs == 0 {
		return f.document(doc, f.hint)
	}
	return nil
}

// document takes in one document of the top, of which the file's name may say
// what it is.
func (f *flattener) document(v any, hint string) error {
	f.docs++
	doc, ok := v.(map[string]any)
	if !ok {
		f.warn(source{hint, f.docs}, "", "hsds.row.refused")
		return nil
	}
	name := hint
	if name == "" {
		name = guess(doc)
	}
	_, err := f.flatten(source{name, f.docs}, doc, "", "")
	return err
}

// guess is the table that a document is of, by the keys that only it has.
func guess(doc map[string]any) string {
	has := func(keys ...string) bool {
		return slices.ContainsFunc(keys, func(key string) bool { return doc[key] != nil })
	}
	switch {
	case has("location_type", "latitude", "addresses"):
		return "location"
	case has("location", "location_id") && !has("name"):
		return "service_at_location"
	case has("taxonomy_detail", "term_uri", "taxonomy"):
		return "taxonomy_term"
	case has("status", "service_at_locations", "organization", "organization_id", "eligibility_description"):
		return "service"
	case has("version") && !has("website", "legal_status"):
		return "taxonomy"
	}
	return "organization"
}

// flatten takes a document in: first what it holds one of, for it points
// there; then itself; then its lists, which point back at it.
func (f *flattener) flatten(at source, doc map[string]any, pointer, parent string) (string, error) {
	fields := map[string]any{}
	var lists []string
	for _, key := range slices.Sorted(maps.Keys(doc)) {
		switch v := doc[key].(type) {
		case map[string]any:
			if err := f.single(at, fields, key, v); err != nil {
				return "", err
			}
		case []any:
			if tableOf(key) != "" && areDocuments(v) {
				lists = append(lists, key)
				continue
			}
			fields[key] = v
		default:
			fields[key] = v
		}
	}
	at, fields = modern(at, fields)
	given := text(fields["id"])
	id, err := f.add(at, fields, pointer, parent)
	if err != nil {
		return "", err
	}
	if id == "" {
		id = given
	}
	for _, key := range lists {
		if err := f.within(at, id, tableOf(key), doc[key]); err != nil {
			return "", err
		}
	}
	return id, nil
}

// single takes in a document of which there is one within another.
func (f *flattener) single(at source, fields map[string]any, key string, doc map[string]any) error {
	name := tableOf(key)
	if name == "" {
		fields[key] = doc
		return nil
	}
	id, err := f.flatten(source{name, at.line}, doc, "", "")
	if err != nil || id == "" {
		return err
	}
	column := name + "_id"
	if text(fields[column]) == "" {
		fields[column] = id
	}
	return nil
}

// within takes in a list that stands within a document.
func (f *flattener) within(at source, id, name string, list any) error {
	docs, _ := list.([]any)
	for _, v := range docs {
		doc, ok := v.(map[string]any)
		if !ok {
			continue
		}
		// A list of an old table points back as the table does that took its place.
		to, _ := modern(source{table: name}, map[string]any{})
		pointer := link(at.table, to.table)
		if t := byName[to.table]; t != nil && t.byName[pointer].Name == "" && to.table != "service_area" {
			pointer = ""
		}
		if _, err := f.flatten(source{name, at.line}, doc, pointer, id); err != nil {
			return err
		}
	}
	return nil
}

func areDocuments(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		_, isDoc := v.(map[string]any)
		return !isDoc
	})
}

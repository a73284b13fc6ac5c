// Package hsdstest holds documents against the schemas of the Human Services
// Data Specification, for tests. The standard's own examples and schemas lie
// beside the repository.
package hsdstest

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"
)

// Schema is what is kept of the standard's JSON Schemas for validating.
type Schema struct {
	Type       string             `json:"type"`
	Properties map[string]*Schema `json:"properties"`
	Required   []string           `json:"required"`
	Items      *Schema            `json:"items"`
	Enum       []any              `json:"enum"`
	Format     string             `json:"format"`
}

// ReadSchema reads the schema of organization or service.
func ReadSchema(t testing.TB, name string) *Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(Official(t), "schema", name+".min.json")) //nolint:gosec // a test's own data
	if err != nil {
		t.Fatal(err)
	}
	var s Schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// Check says everything that is wrong with a value, and where.
func (s *Schema) Check(path string, v any) (wrong []string) {
	if !s.isType(v) {
		return []string{fmt.Sprintf("%s: %v is no %s", path, v, s.Type)}
	}
	if s.Enum != nil && !slices.Contains(s.Enum, v) {
		wrong = append(wrong, fmt.Sprintf("%s: %v is none of %v", path, v, s.Enum))
	}
	switch v := v.(type) {
	case string:
		if !isFormat(s.Format, v) {
			wrong = append(wrong, fmt.Sprintf("%s: %q is no %s", path, v, s.Format))
		}
	case []any:
		for i, item := range v {
			if s.Items != nil {
				wrong = append(wrong, s.Items.Check(fmt.Sprintf("%s[%d]", path, i), item)...)
			}
		}
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				wrong = append(wrong, fmt.Sprintf("%s: '%s' is a required property", path, name))
			}
		}
		for name, held := range v {
			if p := s.Properties[name]; p != nil {
				wrong = append(wrong, p.Check(path+"."+name, held)...)
			}
		}
	}
	return wrong
}

func (s *Schema) isType(v any) bool {
	ok := true
	switch s.Type {
	case "string":
		_, ok = v.(string)
	case "number":
		_, ok = v.(float64)
	case "array":
		_, ok = v.([]any)
	case "object":
		_, ok = v.(map[string]any)
	}
	return ok
}

var uuidPattern = regexp.MustCompile(`^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$`)

func isFormat(format, v string) bool {
	switch format {
	case "uuid":
		return uuidPattern.MatchString(v)
	case "email":
		_, err := mail.ParseAddress(v)
		return err == nil
	case "uri":
		u, err := url.Parse(v)
		return err == nil && u.Scheme != ""
	case "date-time":
		_, err := time.Parse(time.RFC3339, v)
		return err == nil
	}
	return true
}

// Expect fails the test with all that is wrong with a document.
func (s *Schema) Expect(t testing.TB, doc []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range s.Check("$", v) {
		t.Error(wrong)
	}
}

// Official is the folder of the standard's own examples, which lies beside the
// repository.
func Official(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = parent
	}
	folder := filepath.Join(filepath.Dir(dir), "shared", "data", "engagement", "hsds-3.0")
	if _, err := os.Stat(folder); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the official examples of HSDS 3.0 are missing: %v", err)
		}
		t.Skipf("SKIPPED, nothing was tested: the official examples of HSDS 3.0 are missing: %v", err)
	}
	return folder
}

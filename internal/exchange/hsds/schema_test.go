package hsds

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

// schema is what is kept of the standard's JSON Schemas for validating.
type schema struct {
	Type       string             `json:"type"`
	Properties map[string]*schema `json:"properties"`
	Required   []string           `json:"required"`
	Items      *schema            `json:"items"`
	Enum       []any              `json:"enum"`
	Format     string             `json:"format"`
}

func readSchema(t testing.TB, name string) *schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(official(t), "schema", name+".min.json")) //nolint:gosec // a test's own data
	if err != nil {
		t.Fatal(err)
	}
	var s schema
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

// check says everything that is wrong with a value, and where.
func (s *schema) check(path string, v any) (wrong []string) {
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
				wrong = append(wrong, s.Items.check(fmt.Sprintf("%s[%d]", path, i), item)...)
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
				wrong = append(wrong, p.check(path+"."+name, held)...)
			}
		}
	}
	return wrong
}

func (s *schema) isType(v any) bool {
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

func (s *schema) expect(t testing.TB, doc []byte) {
	t.Helper()
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range s.check("$", v) {
		t.Error(wrong)
	}
}

// The checker itself knows right from wrong, on the cases of SOURCE.md.
func TestTheCheckerKnowsRightFromWrong(t *testing.T) {
	organization, service := readSchema(t, "organization"), readSchema(t, "service")
	for name, s := range map[string]*schema{"organization_full": organization, "service_full": service} {
		data, err := os.ReadFile(filepath.Join(official(t), "examples", name+".json")) //nolint:gosec // a test's own data
		if err != nil {
			t.Fatal(err)
		}
		s.expect(t, data)
		var doc map[string]any
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		delete(doc, "id")
		if wrong := s.check("$", doc); len(wrong) != 1 {
			t.Errorf("%s without id: %v, want one offence", name, wrong)
		}
		doc["id"], doc["status"] = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "open"
		if wrong := s.check("$", doc); (len(wrong) == 1) != (name == "service_full") {
			t.Errorf("%s with the status open: %v", name, wrong)
		}
	}
}

package hsds

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"commonweal/internal/exchange/hsds/hsdstest"
)

// The checker itself knows right from wrong, on the cases of SOURCE.md.
func TestTheCheckerKnowsRightFromWrong(t *testing.T) {
	organization, service := hsdstest.ReadSchema(t, "organization"), hsdstest.ReadSchema(t, "service")
	for name, s := range map[string]*hsdstest.Schema{"organization_full": organization, "service_full": service} {
		data, err := os.ReadFile(filepath.Join(official(t), "examples", name+".json")) //nolint:gosec // a test's own data
		if err != nil {
			t.Fatal(err)
		}
		s.Expect(t, data)
		var doc map[string]any
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatal(err)
		}
		delete(doc, "id")
		if wrong := s.Check("$", doc); len(wrong) != 1 {
			t.Errorf("%s without id: %v, want one offence", name, wrong)
		}
		doc["id"], doc["status"] = "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610", "open"
		if wrong := s.Check("$", doc); (len(wrong) == 1) != (name == "service_full") {
			t.Errorf("%s with the status open: %v", name, wrong)
		}
	}
}

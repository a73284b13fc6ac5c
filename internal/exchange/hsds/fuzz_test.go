package hsds

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"commonweal/internal/fault"
)

// few are limits under which a fuzz test stays quick.
var few = Limits{Bytes: 1 << 20, Files: 20, Rows: 2000, Cell: 1 << 12, Depth: 20}

// sane says what must hold of whatever was read: it's refused with a reason, or
// it can be written and read again.
func sane(t *testing.T, p Package, err error) {
	t.Helper()
	if err != nil {
		if said, ok := errors.AsType[*fault.Error](err); !ok || said.Kind != fault.Invalid {
			t.Fatalf("refused without a reason: %v", err)
		}
		return
	}
	d := Nest(identified(p, "x"))
	for name, rows := range d.pack.Tables {
		for _, row := range rows {
			if row.ID() == "" {
				t.Fatalf("a row of %s has no id: %v", name, row.Fields)
			}
			if byName[name] == nil {
				continue
			}
			doc, _ := d.Document(name, row.ID(), View{Services: true})
			if out, err := json.Marshal(doc); err != nil || !json.Valid(out) {
				t.Fatalf("%s can't be written: %v", name, err)
			}
		}
	}
	filesOf(t, WriteTabular, p)
}

func FuzzReadJSON(f *testing.F) {
	f.Add("organization_full.json", `{"id": "1", "name": "x", "services": [{"id": "2", "name": "y", "organization": {"id": "1", "name": "z"}}]}`)
	f.Add("x.json", `{"contents": [{"id": "1", "status": "open"}], "total_items": 1e999}`)
	f.Add("tabular.json", `{"organizations.csv": [{"id": 1, "name": true, "description": [1, {"a": null}]}]}`)
	f.Add("taxonomy_terms.json", "[{\"id\":\"a\\u0000\",\"parent_id\":\"a\"}]\n{}")
	f.Add("x.json", strings.Repeat(`{"services":[`, 30))
	f.Fuzz(func(t *testing.T, name, data string) {
		p, err := Read(context.Background(), name, strings.NewReader(data), int64(len(data)), few)
		sane(t, p, err)
	})
}

func FuzzReadTabular(f *testing.F) {
	f.Add("organizations.csv", "id,name,description\r\n1,\"a\nb\",'=x\r\n", "services.csv", "id;name;status\n1;x;open\n")
	f.Add("locations.csv", "\ufeffid,latitude,longitude\n1,100,101\n", "schedules.csv", "id,freq,byday,count\n1,WEEKLY,\"TH,FR\",1e999\n")
	f.Add("mail_addresses.csv", "id,location_id\n1,1\n", "services.csv", "id,location_id,taxonomy_ids,languages\n1,1,\"1,1\",\",,\"\n")
	f.Add("physical_addresses.csv", "id\n", "eligibility.csv", "id,service_id,eligibility\n1,1,\"a\"b\"\n")
	f.Add("datapackage.json", `{"resources":[{"name":"organization","path":"../x.csv"}]}`, "x.csv", "\xff\xfe,\"")
	f.Fuzz(func(t *testing.T, name, data, name2, data2 string) {
		files := fstest.MapFS{"a/" + filepath.Base(name): {Data: []byte(data)}, "a/" + filepath.Base(name2): {Data: []byte(data2)}}
		p, err := ReadDir(context.Background(), files, few)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrInvalid) {
			return // a name that no folder has
		}
		sane(t, p, err)
	})
}

func FuzzReadZip(f *testing.F) {
	f.Add(packed(f, "organizations.csv", "id,name\n1,x\n"))
	f.Add(packed(f, "a/datapackage.json", `{"resources":[]}`, "a/services.csv", "id,name\n1,x\n"))
	f.Add(packed(f, "x.json", `{"id":"1","name":"x"}`)[:80])
	f.Fuzz(func(t *testing.T, data string) {
		p, err := Read(context.Background(), "x.zip", strings.NewReader("PK\x03\x04"+data), int64(len(data)+4), few)
		sane(t, p, err)
	})
}

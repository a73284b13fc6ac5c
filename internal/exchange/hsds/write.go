package hsds

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"

	"commonweal/internal/fault"
)

// Create makes a file of a folder or of a zip, to be written before the next.
type Create func(name string) (io.Writer, error)

// WriteTabular writes a package as the tabular data package of HSDS 3.0: its 21
// tables, those of 3.1 and others that hold something, and datapackage.json.
// Cells that a spreadsheet program might run are guarded by a ', which reading
// takes away.
func WriteTabular(ctx context.Context, p Package, create Create) (err error) {
	defer fault.Wrap(&err, "hsds.WriteTabular")
	var told []map[string]any
	for _, t := range written(p) {
		if err := ctx.Err(); err != nil {
			return err
		}
		out, err := create(t.File)
		if err != nil {
			return err
		}
		columns := columnsOf(t, p.Tables[t.Name])
		if err := writeCSV(out, columns, p.Tables[t.Name]); err != nil {
			return err
		}
		told = append(told, resource(t, columns))
	}
	out, err := create("datapackage.json")
	if err != nil {
		return err
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	return e.Encode(map[string]any{
		"name": "human_services_data", "profile": "tabular-data-package", "version": "3.0.0",
		"homepage": "http://docs.openreferral.org", "resources": told,
	})
}

// written are the tables that are written: all of 3.0, and others with rows.
func written(p Package) []table {
	var all []table
	for _, t := range standard {
		if !t.Later || len(p.Tables[t.Name]) > 0 {
			all = append(all, t)
		}
	}
	for _, name := range p.Names() {
		if byName[name] == nil {
			all = append(all, table{Name: name, File: name + ".csv"})
		}
	}
	return all
}

// columnsOf are the columns of the standard, then those that only the rows know.
func columnsOf(t table, rows []Row) []column {
	more := map[string]bool{}
	for _, row := range rows {
		for name := range row.Fields {
			if _, known := t.byName[name]; !known {
				more[name] = true
			}
		}
	}
	columns := slices.Clone(t.Columns)
	for _, name := range slices.Sorted(maps.Keys(more)) {
		columns = append(columns, column{Name: name})
	}
	return columns
}

func writeCSV(w io.Writer, columns []column, rows []Row) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = guarded(c.Name)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range rows {
		for i, c := range columns {
			record[i] = row.Text(c.Name)
			if _, isNumber := row.Fields[c.Name].(json.Number); !isNumber {
				record[i] = guarded(record[i])
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// resource is what datapackage.json tells of a table.
func resource(t table, columns []column) map[string]any {
	fields := make([]map[string]any, len(columns))
	for i, c := range columns {
		fields[i] = describe(c)
	}
	schema := map[string]any{"fields": fields, "primaryKey": "id"}
	var keys []map[string]any
	for _, ref := range t.references() {
		keys = append(keys, map[string]any{
			"fields": ref.Column, "reference": map[string]any{"resource": ref.Table, "fields": "id"},
		})
	}
	if keys != nil {
		schema["foreignKeys"] = keys
	}
	return map[string]any{
		"name": t.Name, "path": t.File, "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv",
		"encoding": "utf-8", "schema": schema,
	}
}

func describe(c column) map[string]any {
	bounds := map[string]any{"required": c.Required, "unique": c.Name == "id"}
	field := map[string]any{"name": c.Name, "type": "string", "constraints": bounds}
	switch c.Kind {
	case asNumber, asDate, asDateTime, asTime:
		field["type"] = string(c.Kind)
	case asID, asEmail, asURI:
		field["format"] = string(c.Kind)
	case asText:
	}
	if c.Choices != nil {
		bounds["enum"] = c.Choices
	}
	return field
}

// WriteJSON writes a package as documents of JSON, a list in each file:
// organizations.json has every organization with all that it has; what stands
// under none of them is in services.json, locations.json and so on.
func WriteJSON(ctx context.Context, p Package, create Create) (err error) {
	defer fault.Wrap(&err, "hsds.WriteJSON")
	d := Nest(p)
	for _, name := range []string{"organization", "service", "service_at_location", "location", "taxonomy", "taxonomy_term"} {
		rows := slices.DeleteFunc(slices.Clone(p.Tables[name]), func(r Row) bool { return d.stands(name, r) })
		if len(rows) == 0 {
			continue
		}
		out, err := create(strings.TrimSuffix(byName[name].File, ".csv") + ".json")
		if err != nil {
			return err
		}
		if err := d.writeList(ctx, out, name, rows); err != nil {
			return err
		}
	}
	return nil
}

// writeList writes documents one after the other, so that they are never all
// held at once.
func (d *Docs) writeList(ctx context.Context, w io.Writer, name string, rows []Row) error {
	var b bytes.Buffer
	for i, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		b.WriteString(map[bool]string{true: "[\n", false: ",\n"}[i == 0])
		if err := d.document(name, row, "", View{Services: true}).write(&b); err != nil {
			return err
		}
		if _, err := b.WriteTo(w); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n]\n")
	return err
}

// stands says whether a row is found within the document of an organization.
func (d *Docs) stands(name string, row Row) bool {
	column := map[string]string{"service": "organization_id", "location": "organization_id", "service_at_location": "service_id"}[name]
	if column == "" {
		return false
	}
	id := row.Text(column)
	if name == "service_at_location" {
		service, ok := d.at[key{"service", id}]
		return ok && d.stands("service", service)
	}
	_, ok := d.at[key{"organization", id}]
	return ok
}

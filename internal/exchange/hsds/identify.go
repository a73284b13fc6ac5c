package hsds

import (
	"path"
	"regexp"
	"strings"
)

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)

// identified is a package whose ids are UUIDs, as 3.0 wants them. Older
// directories count from 1, each for itself: theirs are made of the file's name
// and the id, so that two of them don't get in each other's way and the same
// file means the same rows another time.
func identified(p Package, name string) Package {
	stem := strings.ToLower(strings.TrimSuffix(path.Base(name), path.Ext(name)))
	whole := func(table, id string) string {
		if id == "" || uuid.MatchString(id) {
			return id
		}
		return derived(table, map[string]any{"id": id, "from": stem})
	}
	out := Package{Version: p.Version, Warnings: p.Warnings, Tables: make(map[string][]Row, len(p.Tables))}
	for name, rows := range p.Tables {
		t := byName[name]
		for _, row := range rows {
			f := make(map[string]any, len(row.Fields))
			for column, v := range row.Fields {
				target := targetOf(t, name, column, row)
				if target == "" {
					f[column] = v
					continue
				}
				f[column] = whole(target, text(v))
			}
			out.Tables[name] = append(out.Tables[name], Row{Line: row.Line, Fields: f})
		}
	}
	return out
}

// targetOf is the table whose rows a column's ids name, or "".
func targetOf(t *table, name, column string, row Row) string {
	switch {
	case column == "id":
		return name
	case t == nil:
		return ""
	case column == "parent_id" && name == "taxonomy_term":
		return "taxonomy_term"
	case column == "parent_organization_id":
		return "organization"
	case column == "link_id":
		return row.Text("link_entity")
	case column == "resource_id":
		return row.Text("resource_type")
	}
	target, ok := strings.CutSuffix(column, "_id")
	if !ok || byName[target] == nil || t.byName[column].Name == "" {
		return ""
	}
	return target
}

package hsds

import (
	"maps"
	"slices"
)

// Ohana kept in lists within a cell what the standard has tables for, and said
// in each service where it is given.

// spread are the cells that hold lists, by table and column: the table and
// column that each value becomes a row of.
var spread = map[string]map[string]child{
	"organization": {"funding_sources": {"source", "funding"}},
	"location":     {"accessibility": {"description", "accessibility"}, "languages": {"name", "language"}},
	"service": {
		"funding_sources": {"source", "funding"}, "languages": {"name", "language"},
		"required_documents": {"document", "required_document"}, "service_areas": {"name", "service_area"},
	},
}

// ohana takes in one row of Ohana's files.
func (d *folder) ohana(at source, fields map[string]any) error {
	move(fields, "taxonomy_id", "id")
	at, fields = modern(at, fields)
	switch at.table {
	case "organization":
		if founded := text(fields["date_incorporated"]); len(founded) >= 4 {
			if year, ok := number(founded[len(founded)-4:]); ok {
				fields["year_incorporated"] = year
			} else if year, ok := number(founded[:4]); ok {
				fields["year_incorporated"] = year
			}
		}
	case "location":
		fields["location_type"] = "physical"
		if v := text(fields["virtual"]); v == "true" || v == "1" {
			fields["location_type"] = "virtual"
		}
	case "service":
		if err := d.terms(at, fields); err != nil {
			return err
		}
		if where := text(fields["location_id"]); where != "" {
			place := map[string]any{"service_id": fields["id"], "location_id": where}
			place["id"] = derived("service_at_location", place)
			if _, err := d.add(source{"service_at_location", at.line}, place, "", ""); err != nil {
				return err
			}
		}
	}
	if err := d.spread(at, fields); err != nil {
		return err
	}
	_, err := d.add(at, fields, "", "")
	return err
}

// spread makes rows of the lists in a row's cells.
func (d *folder) spread(at source, fields map[string]any) error {
	for _, column := range slices.Sorted(maps.Keys(spread[at.table])) {
		to := spread[at.table][column]
		for _, value := range parts(fields[column]) {
			row := map[string]any{at.table + "_id": fields["id"], to.Key: value}
			row["id"] = derived(to.Table, row)
			if _, err := d.add(source{to.Table, at.line}, row, "", ""); err != nil {
				return err
			}
		}
		delete(fields, column)
	}
	return nil
}

// terms makes attributes of a list of terms in a service's cell, as HSDS 1.1
// has it too.
func (d *folder) terms(at source, fields map[string]any) error {
	if at.table != "service" {
		return nil
	}
	for _, term := range parts(fields["taxonomy_ids"]) {
		row := map[string]any{"link_id": fields["id"], "link_entity": "service", "taxonomy_term_id": term}
		row["id"] = derived("attribute", row)
		if _, err := d.add(source{"attribute", at.line}, row, "", ""); err != nil {
			return err
		}
	}
	delete(fields, "taxonomy_ids")
	return nil
}

// settleOhana gives each service the organization of the place it's given at.
func (d *folder) settleOhana() {
	for _, s := range d.pack.Tables["service"] {
		i, ok := d.at[key{"location", s.Text("location_id")}]
		if !ok || s.Text("organization_id") != "" {
			continue
		}
		if org := d.pack.Tables["location"][i].Text("organization_id"); org != "" {
			s.Fields["organization_id"] = org
		}
		delete(s.Fields, "location_id")
	}
}

package hsdsweb

import (
	"net/http"
	"slices"
	"strings"

	"commonweal/internal/exchange/hsds"
	"commonweal/internal/web/page"
)

// parameter is something that may be asked, in the words of OpenAPI.
type parameter struct{ name, kind, about string }

var parameters = []parameter{
	{"search", "string", "Words to find; all of them must be there."},
	{"page", "integer", "Which page, from 1."},
	{"per_page", "integer", "How many documents on a page, 200 at most."},
	{"format", "string", "json, or ndjson for all documents at once, one on each line."},
	{"taxonomy_id", "string", "With a term of this taxonomy."},
	{"taxonomy_term_id", "string", "With this term."},
	{"organization_id", "string", "Of this organization."},
	{"modified_after", "string", "Changed here at this moment or later, as in 2026-11-21T12:00:00Z."},
	{"minimal", "boolean", "Only ids, and when each was modified."},
	{"full", "boolean", "Whole documents."},
	{"full_service", "boolean", "Organizations with their services, whole."},
	{"top_only", "boolean", "Only terms that stand under no other."},
	{"parent_id", "string", "Terms under this one."},
	{"postcode", "string", "Given in this postcode."},
	{"proximity", "number", "With postcode: within so many metres of its middle."},
}

// asked are the parameters of each list.
var asked = map[string]string{
	"services":             "search page per_page format taxonomy_id taxonomy_term_id organization_id modified_after minimal full",
	"organizations":        "search page per_page format organization_id modified_after full full_service",
	"taxonomies":           "search page per_page format",
	"taxonomy_terms":       "search page per_page format taxonomy_id top_only parent_id",
	"service_at_locations": "search page per_page format taxonomy_id taxonomy_term_id organization_id modified_after full postcode proximity",
}

// openapi describes the API for programs.
func (a *API) openapi(w http.ResponseWriter, r *page.Request) error {
	paths := map[string]any{"/": get("The version, and where this description is.", nil, reply("object"))}
	for _, name := range names {
		paths["/"+name] = get("A page of "+strings.ReplaceAll(name, "_", " ")+".", inQuery(name), map[string]any{"$ref": "#/components/schemas/Page"})
		one := inPath()
		if name == "organizations" {
			one = append(one, inQueryNamed("full_service"))
		}
		paths["/"+name+"/{id}"] = get("One of "+strings.ReplaceAll(name, "_", " ")+", whole.", one, schemaOf(hsds.Entities[name]))
	}
	return write(w, http.StatusOK, map[string]any{
		"openapi": "3.1.0",
		"info": map[string]any{
			"title": r.In.Name, "version": "3.0",
			"description": "Services near by, in the Human Services Data Specification 3.0.",
		},
		"servers":    []any{map[string]string{"url": r.Site.Base + r.Path("api", "hsds")}},
		"paths":      paths,
		"components": map[string]any{"schemas": map[string]any{"Page": pageSchema()}},
	})
}

func get(summary string, parameters []any, schema map[string]any) map[string]any {
	operation := map[string]any{
		"summary": summary,
		"responses": map[string]any{
			"200": map[string]any{"description": "OK", "content": map[string]any{"application/json": map[string]any{"schema": schema}}},
		},
	}
	if parameters != nil {
		operation["parameters"] = parameters
	}
	return map[string]any{"get": operation}
}

func inQuery(list string) (all []any) {
	for name := range strings.FieldsSeq(asked[list]) {
		all = append(all, inQueryNamed(name))
	}
	return all
}

func inQueryNamed(name string) any {
	p := parameters[slices.IndexFunc(parameters, func(p parameter) bool { return p.name == name })]
	return map[string]any{
		"name": p.name, "in": "query", "required": false, "description": p.about, "schema": map[string]string{"type": p.kind},
	}
}

func inPath() []any {
	return []any{map[string]any{"name": "id", "in": "path", "required": true, "schema": map[string]string{"type": "string"}}}
}

func reply(kind string) map[string]any { return map[string]any{"type": kind} }

// schemaOf leads to the standard's own schema, where it has one of its own.
func schemaOf(entity string) map[string]any {
	switch entity {
	case "service", "organization", "service_at_location":
		return map[string]any{"$ref": "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/compiled/" + entity + ".json"}
	}
	return reply("object")
}

func pageSchema() map[string]any {
	properties := map[string]any{"contents": map[string]any{"type": "array", "items": reply("object")}}
	for _, name := range []string{"total_items", "total_pages", "page_number", "size"} {
		properties[name] = reply("integer")
	}
	for _, name := range []string{"first_page", "last_page", "empty"} {
		properties[name] = reply("boolean")
	}
	return map[string]any{"type": "object", "properties": properties}
}

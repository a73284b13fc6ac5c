package hsds

import "strings"

// kind is what a column holds.
type kind string

const (
	asText     kind = ""
	asID       kind = "uuid"
	asEmail    kind = "email"
	asURI      kind = "uri"
	asNumber   kind = "number"
	asDate     kind = "date"
	asDateTime kind = "datetime"
	asTime     kind = "time"
)

// column is a column of a table.
type column struct {
	Name     string
	Kind     kind
	Required bool     // in the tabular package
	Choices  []string // the only values there are, or none
}

// table is a table of the standard.
type table struct {
	Name    string
	File    string
	Columns []column
	Later   bool // came with 3.1: written only when there is something in it
	byName  map[string]column
}

// standard is every table, in the order of the tabular package. A column is
// written as name:kind!, where ! says that it's required and kind may be the
// choices that there are.
var standard = []table{
	of("organization", "organizations.csv", "id:uuid! name! alternate_name description! email:email website:uri tax_status tax_id year_incorporated:number legal_status logo uri:uri parent_organization_id:uuid"),
	of("program", "programs.csv", "id:uuid! organization_id:uuid! name! alternate_name description!"),
	of("service", "services.csv", "id:uuid! organization_id:uuid! program_id:uuid name! alternate_name description url:uri email:email status:active|inactive|defunct|temporarily_closed! interpretation_services application_process fees_description wait_time fees accreditations eligibility_description minimum_age:number maximum_age:number assured_date:date assurer_email:email licenses alert last_modified:datetime"),
	of("attribute", "attributes.csv", "id:uuid! link_id:uuid! taxonomy_term_id:uuid! link_type link_entity! value"),
	of("service_at_location", "service_at_location.csv", "id:uuid! service_id:uuid! location_id:uuid! description"),
	of("location", "locations.csv", "id:uuid! location_type:physical|postal|virtual! url:uri organization_id:uuid name alternate_name description transportation latitude:number longitude:number external_identifier external_identifier_type"),
	of("phone", "phones.csv", "id:uuid! location_id:uuid service_id:uuid organization_id:uuid contact_id:uuid service_at_location_id:uuid number! extension:number type description"),
	of("contact", "contacts.csv", "id:uuid! organization_id:uuid service_id:uuid service_at_location_id:uuid location_id:uuid name title department email:email"),
	of("address", "addresses.csv", "id:uuid! location_id:uuid attention address_1! address_2 city! region state_province! postal_code! country! address_type:physical|postal|virtual!"),
	of("schedule", "schedules.csv", "id:uuid! service_id:uuid location_id:uuid service_at_location_id:uuid valid_from:date valid_to:date dtstart:date timezone:number until:date count:number wkst:MO|TU|WE|TH|FR|SA|SU freq:WEEKLY|MONTHLY interval:number byday byweekno bymonthday byyearday description opens_at:time closes_at:time schedule_link:uri attending_type notes"),
	of("funding", "funding.csv", "id:uuid! organization_id:uuid service_id:uuid source"),
	of("service_area", "service_areas.csv", "id:uuid! service_id:uuid name description extent extent_type uri"),
	of("required_document", "required_documents.csv", "id:uuid! service_id:uuid document uri:uri"),
	of("language", "languages.csv", "id:uuid! service_id:uuid location_id:uuid phone_id:uuid name code note"),
	of("accessibility", "accessibility.csv", "id:uuid! location_id:uuid description details url:uri"),
	of("taxonomy_term", "taxonomy_terms.csv", "id:uuid! code name! description! parent_id:uuid taxonomy language taxonomy_id:uuid term_uri:uri"),
	of("metadata", "metadata.csv", "id:uuid! resource_id:uuid! resource_type! last_action_date:date! last_action_type! field_name! previous_value! replacement_value! updated_by!"),
	of("meta_table_description", "meta_table_descriptions.csv", "id:uuid! name language character_set"),
	of("cost_option", "cost_options.csv", "id:uuid! service_id:uuid! valid_from:date valid_to:date option currency amount:number amount_description"),
	of("organization_identifier", "organization_identifiers.csv", "id:uuid! organization_id:uuid! identifier_scheme identifier_type! identifier!"),
	of("taxonomy", "taxonomies.csv", "id:uuid! name! description! uri:uri version"),
	later("url", "urls.csv", "id:uuid! label url:uri! organization_id:uuid service_id:uuid"),
	later("service_capacity", "service_capacities.csv", "id:uuid! service_id:uuid! unit_id:uuid! available:number maximum:number description updated:datetime"),
	later("unit", "units.csv", "id:uuid! name! scheme identifier uri:uri"),
}

var byName = func() map[string]*table {
	all := map[string]*table{}
	for i := range standard {
		all[standard[i].Name] = &standard[i]
	}
	return all
}()

func of(name, file, columns string) table {
	t := table{Name: name, File: file, byName: map[string]column{}}
	for _, told := range strings.Fields(columns) {
		told, required := strings.CutSuffix(told, "!")
		name, held, _ := strings.Cut(told, ":")
		c := column{Name: name, Kind: kind(held), Required: required}
		if strings.Contains(held, "|") {
			c.Kind, c.Choices = asText, strings.Split(strings.ReplaceAll(held, "_", " "), "|")
		}
		t.Columns = append(t.Columns, c)
		t.byName[name] = c
	}
	return t
}

func later(name, file, columns string) table {
	t := of(name, file, columns)
	t.Later = true
	return t
}

// references are the tables that a table's columns lead to, as the standard
// declares them. parent_id and parent_organization_id aren't among them.
func (t *table) references() []reference {
	var all []reference
	for _, c := range t.Columns {
		if target, ok := strings.CutSuffix(c.Name, "_id"); ok && byName[target] != nil {
			all = append(all, reference{c.Name, target})
		}
	}
	return all
}

type reference struct{ Column, Table string }

// child is where the rows of a table stand within the JSON of another.
type child struct{ Key, Table string }

// many are the lists within each document, in the order of the standard. A row
// of the list points back by parent_id, see link.
var many = map[string][]child{
	"organization": {
		{"additional_websites", "url"},
		{"funding", "funding"},
		{"contacts", "contact"},
		{"phones", "phone"},
		{"locations", "location"},
		{"programs", "program"},
		{"organization_identifiers", "organization_identifier"},
		{"services", "service"},
	},
	"service": {
		{"additional_urls", "url"},
		{"phones", "phone"},
		{"schedules", "schedule"},
		{"service_areas", "service_area"},
		{"service_at_locations", "service_at_location"},
		{"languages", "language"},
		{"funding", "funding"},
		{"cost_options", "cost_option"},
		{"required_documents", "required_document"},
		{"contacts", "contact"},
		{"capacities", "service_capacity"},
	},
	"service_at_location": {{"service_areas", "service_area"}, {"contacts", "contact"}, {"phones", "phone"}, {"schedules", "schedule"}},
	"location": {
		{"languages", "language"},
		{"addresses", "address"},
		{"contacts", "contact"},
		{"accessibility", "accessibility"},
		{"phones", "phone"},
		{"schedules", "schedule"},
	},
	"contact": {{"phones", "phone"}},
	"phone":   {{"languages", "language"}},
}

// everywhere are the lists that every document may have.
var everywhere = []child{{"attributes", "attribute"}, {"metadata", "metadata"}}

// single is a document within another, and the column that leads there.
type single struct{ Key, Table, Column string }

// one are the single documents within each document.
var one = map[string][]single{
	"service":             {{"organization", "organization", "organization_id"}, {"program", "program", "program_id"}},
	"service_at_location": {{"location", "location", "location_id"}, {"service", "service", "service_id"}},
	"attribute":           {{"taxonomy_term", "taxonomy_term", "taxonomy_term_id"}},
	"taxonomy_term":       {{"taxonomy_detail", "taxonomy", "taxonomy_id"}},
	"service_capacity":    {{"unit", "unit", "unit_id"}},
}

// link is the column by which a row of a list points back to where it stands.
func link(parent, table string) string {
	switch table {
	case "attribute":
		return "link_id"
	case "metadata":
		return "resource_id"
	}
	return parent + "_id"
}

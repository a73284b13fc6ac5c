package hsds

import "strings"

// tableOf is the table that a name stands for, in whichever version and number:
// a key of JSON, or a file without its ending. It gives "" for none. Tables of
// old versions go by their old names until modern has put them right.
func tableOf(name string) string {
	name = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(name), "-", "_"))
	if byName[name] != nil {
		return name
	}
	if t, ok := otherNames[name]; ok {
		return t
	}
	return ""
}

// otherNames are the plurals, the files and the names of older versions.
var otherNames = func() map[string]string {
	all := map[string]string{
		"additional_websites": "url", "additional_urls": "url", "capacities": "service_capacity", "taxonomy_detail": "taxonomy",
		"services_at_location": "service_at_location", "organisations": "organization", "organisation": "organization",
		// HSDS 1.1
		"physical_address": "physical_address", "physical_addresses": "physical_address",
		"postal_address": "postal_address", "postal_addresses": "postal_address",
		"regular_schedule": "regular_schedule", "regular_schedules": "regular_schedule",
		"holiday_schedule": "holiday_schedule", "holiday_schedules": "holiday_schedule",
		"accessibility_for_disabilities": "accessibility_for_disabilities",
		"service_taxonomy":               "service_taxonomy", "services_taxonomy": "service_taxonomy", "service_taxonomies": "service_taxonomy",
		"eligibility": "eligibility", "eligibilities": "eligibility",
		"payment_accepted": "payment_accepted", "payments_accepted": "payment_accepted",
		// Ohana
		"mail_address": "postal_address", "mail_addresses": "postal_address",
	}
	for _, t := range standard {
		all[t.Name+"s"] = t.Name
		all[strings.TrimSuffix(t.File, ".csv")] = t.Name
		if stem, ok := strings.CutSuffix(t.Name, "y"); ok {
			all[stem+"ies"] = t.Name
		}
		if strings.HasSuffix(t.Name, "s") {
			all[t.Name+"es"] = t.Name
		}
	}
	return all
}()

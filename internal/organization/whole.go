package organization

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"commonweal/internal/schedule"
)

// Phone is a number that anybody may ring.
type Phone struct{ ID, Number, Extension, About string }

// Address is where a location is, in the columns of HSDS.
type Address struct{ ID, Street, City, Region, PostalCode, Country string }

// String is the address on one line.
func (a Address) String() string {
	parts := slices.DeleteFunc([]string{a.Street, a.City, strings.TrimSpace(a.Region + " " + a.PostalCode)}, func(s string) bool { return s == "" })
	return strings.Join(parts, ", ")
}

// Hours is one line of opening hours.
type Hours struct {
	ID   string
	Rule schedule.Rule
}

// SetOf are the rules of some lines of hours.
func SetOf(all []Hours) schedule.Set {
	set := make(schedule.Set, len(all))
	for i, h := range all {
		set[i] = h.Rule
	}
	return set
}

// Place is a location with what a page shows of it.
type Place struct {
	Location
	Addresses []Address
	Phones    []Phone
	Hours     []Hours
}

// Entry is a service with what a page shows of it.
type Entry struct {
	ServiceRecord
	OrganizationName string
	Places           []Place
	Phones           []Phone
	Hours            []Hours
}

// Record is an organization with all that belongs to it.
type Record struct {
	Organization
	ParentName    string
	Offers        []Offer
	Services      []Entry
	Places        []Place // of the organization; those of its services too
	Phones        []Phone
	Hours         []Hours
	Spokespersons []Spokesperson // without names for those who may not know

	MayEdit   bool // who looks is a spokesperson or a steward
	MaySteer  bool // who looks is a steward
	MaySpeak  bool // who looks is a spokesperson
	Unspoken  bool // nobody speaks for it any more: a steward has to take over
	StillTrue bool // its day of review hasn't come
}

// kept parts details by what a page shows of them, by their owner.
type kept struct {
	phones    map[string][]Phone
	addresses map[string][]Address
	hours     map[string][]Hours
}

func keep(details []Detail) kept {
	k := kept{phones: map[string][]Phone{}, addresses: map[string][]Address{}, hours: map[string][]Hours{}}
	for _, d := range details {
		switch d.Entity {
		case EntityPhone:
			k.phones[d.Owner] = append(k.phones[d.Owner], Phone{d.ID, d.Text("number"), d.Text("extension"), d.Text("description")})
		case EntityAddress:
			k.addresses[d.Owner] = append(k.addresses[d.Owner], Address{
				d.ID, d.Text("address_1"), d.Text("city"), d.Text("state_province"), d.Text("postal_code"), d.Text("country"),
			})
		case EntitySchedule:
			rule, _ := schedule.ParseHSDS(d.texts()) // what it can't read was told when it came in
			k.hours[d.Owner] = append(k.hours[d.Owner], Hours{ID: d.ID, Rule: rule})
		}
	}
	return k
}

// texts are the fields as a sheet has them.
func (d Detail) texts() map[string]string {
	all := make(map[string]string, len(d.Fields))
	for name, v := range d.Fields {
		switch v := v.(type) {
		case nil:
		case string:
			all[name] = v
		case json.Number:
			all[name] = v.String()
		default:
			all[name] = fmt.Sprint(v)
		}
	}
	return all
}

func (k kept) place(l Location) Place {
	return Place{Location: l, Addresses: k.addresses[l.ID], Phones: k.phones[l.ID], Hours: k.hours[l.ID]}
}

func (k kept) entry(s ServiceRecord, organization string, places []Location) Entry {
	e := Entry{ServiceRecord: s, OrganizationName: organization, Phones: k.phones[s.ID], Hours: k.hours[s.ID]}
	for _, l := range places {
		e.Places = append(e.Places, k.place(l))
	}
	return e
}

package organization

import (
	"context"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Partner is an organization for which nobody speaks yet, and whom to write to
// about it, as far as we were told.
type Partner struct {
	Organization
	Name  string // of the contact
	Email string
	Job   string
}

// HasWords says whether the organization's name has every word, in any case and
// with any accent.
func (p Partner) HasWords(words string) bool {
	name := db.Fold(p.Organization.Name)
	for word := range strings.FieldsSeq(db.Fold(words)) {
		if !strings.Contains(name, word) {
			return false
		}
	}
	return true
}

// mostPartners is how many partners one page invites: as many as one press may.
const mostPartners = maxInvited

// Unspoken gives the organizations that nobody speaks for and that aren't shown,
// by name, with whom to write to. Stewards may. Faults: NotFound.
func (s *Service) Unspoken(ctx context.Context, who access.Actor, in string) (all []Partner, err error) {
	defer fault.Wrap(&err, "organization.Unspoken in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return nil, err
	}
	q := s.DB.Read()
	some, err := unspoken(ctx, q, in, mostPartners)
	if err != nil || len(some) == 0 {
		return nil, err
	}
	byOwner, err := contactsFor(ctx, q, in, some)
	for _, o := range some {
		p := Partner{Organization: o}
		for _, c := range byOwner[o.ID] {
			if p.Email == "" {
				p.Name, p.Email, p.Job = c.Text("name"), c.Text("email"), c.Text("title")
			}
		}
		if p.Email == "" {
			p.Email = o.Email
		}
		all = append(all, p)
	}
	return all, err
}

// Awaited is somebody who was invited to speak for an organization and hasn't
// come.
type Awaited struct {
	Organization     string // its id
	OrganizationName string
	Name             string // of who was invited
	Since            db.Stamp
}

// Awaited gives who was invited to speak for an organization and hasn't come,
// the last invited first, fifty at most. Stewards may. Faults: NotFound.
func (s *Service) Awaited(ctx context.Context, who access.Actor, in string) (all []Awaited, err error) {
	defer fault.Wrap(&err, "organization.Awaited in %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return nil, err
	}
	return awaited(ctx, s.DB.Read(), in, pageSize)
}

// contactsFor reads whom to write to about some organizations, by their ids.
func contactsFor(ctx context.Context, q db.Querier, in string, some []Organization) (map[string][]Detail, error) {
	ids := make([]string, len(some))
	for i, o := range some {
		ids[i] = o.ID
	}
	details, err := contactDetails(ctx, q, in, ids)
	byOwner := map[string][]Detail{}
	for _, d := range details {
		byOwner[d.Owner] = append(byOwner[d.Owner], d)
	}
	return byOwner, err
}

package hsds

import (
	"context"
	"math"
	"slices"
	"time"

	"commonweal/internal/db"
	"commonweal/internal/fault"
)

// Entities are what the read API of the standard gives lists of, by the names
// in its paths.
var Entities = map[string]string{
	"services": "service", "organizations": "organization", "service_at_locations": "service_at_location",
	"taxonomies": "taxonomy", "taxonomy_terms": "taxonomy_term",
}

// PerPage is how many documents a page has unless somebody asks otherwise, and
// the most that it has.
const (
	PerPage     = 20
	MostPerPage = 200
)

// Query is what somebody wants to have of a list. Everything said must hold.
type Query struct {
	Search        string // words
	Page, PerPage int    // from 1

	Organization  string // an id outside
	TaxonomyTerm  string
	Taxonomy      string
	Parent        string // of terms
	TopOnly       bool   // terms under no other
	ModifiedAfter time.Time

	Postcode  string  // of the places
	Proximity float64 // metres from the middle of Postcode's places; 0 is in the postcode itself

	Minimal      bool // only ids and when they were modified
	Full         bool // whole documents
	FullServices bool // organizations with their services
}

// Page is one page of a list, as the standard lays it out.
type Page struct {
	TotalItems int   `json:"total_items"`
	TotalPages int   `json:"total_pages"`
	PageNumber int   `json:"page_number"`
	Size       int   `json:"size"`
	FirstPage  bool  `json:"first_page"`
	LastPage   bool  `json:"last_page"`
	Empty      bool  `json:"empty"`
	Contents   []Doc `json:"contents"`
}

func (q Query) perPage() int {
	if q.PerPage <= 0 {
		return PerPage
	}
	return min(q.PerPage, MostPerPage)
}

func (q Query) page() int { return max(q.Page, 1) }

func (q Query) view() View {
	return View{Brief: !q.Full && !q.FullServices, Services: q.FullServices, Public: true}
}

// List gives a page of a list of what everybody may see, in a handful of
// statements however long it is. Anyone may. Faults: NotFound for an entity
// that isn't one of Entities' values.
func (s *Service) List(ctx context.Context, in, entity string, want Query) (p Page, err error) {
	defer fault.Wrap(&err, "hsds.List %s in %s", entity, in)
	q := s.DB.Read()
	ids, total, err := s.matching(ctx, q, in, entity, want)
	if err != nil {
		return Page{}, err
	}
	docs, err := s.documents(ctx, q, in, entity, ids, want)
	if err != nil {
		return Page{}, err
	}
	pages := (total + want.perPage() - 1) / want.perPage()
	return Page{
		TotalItems: total, TotalPages: pages, PageNumber: want.page(), Size: len(docs),
		FirstPage: want.page() == 1, LastPage: want.page() >= pages, Empty: len(docs) == 0, Contents: docs,
	}, nil
}

// Each gives every document of a list, some hundreds at a time. Anyone may. It
// stops when yield says false.
func (s *Service) Each(ctx context.Context, in, entity string, want Query, yield func([]Doc) bool) (err error) {
	defer fault.Wrap(&err, "hsds.Each %s in %s", entity, in)
	want.PerPage = MostPerPage
	for want.Page = 1; ; want.Page++ {
		p, err := s.List(ctx, in, entity, want)
		if err != nil {
			return err
		}
		if !yield(p.Contents) || p.LastPage {
			return nil
		}
	}
}

// Get gives one document whole. Anyone may. Faults: NotFound.
func (s *Service) Get(ctx context.Context, in, entity, id string, services bool) (d Doc, err error) {
	defer fault.Wrap(&err, "hsds.Get %s in %s", entity, in)
	q := s.DB.Read()
	local, err := s.localOf(ctx, q, in, entity, id)
	if err != nil {
		return nil, err
	}
	docs, err := s.documents(ctx, q, in, entity, []string{local}, Query{Full: true, FullServices: services})
	if err != nil {
		return nil, err
	}
	if len(docs) == 0 {
		return nil, fault.ErrNotFound
	}
	return docs[0], nil
}

// documents reads what some rows are made of, and nests it.
func (s *Service) documents(ctx context.Context, q db.Querier, in, entity string, ids []string, want Query) ([]Doc, error) {
	docs := []Doc{}
	if len(ids) == 0 {
		return docs, nil
	}
	r := reading{ctx: ctx, q: q, in: in, stored: newStored(), whole: want.Full || want.FullServices}
	if err := r.read(entity, ids); err != nil {
		return nil, err
	}
	nested := Nest(r.Package)
	refs := map[string]string{}
	for k, rec := range r.here {
		if k.table == entity {
			refs[rec.id] = k.id
		}
	}
	for _, id := range ids {
		row, ok := nested.at[key{entity, refs[id]}]
		switch {
		case !ok:
		case want.Minimal:
			docs = append(docs, minimal(row))
		default:
			docs = append(docs, nested.document(entity, row, "", want.view()))
		}
	}
	return docs, nil
}

// minimal is a row's id and when it was modified.
func minimal(row Row) Doc {
	d := Doc{{"id", row.ID()}}
	if at := row.Text("last_modified"); at != "" {
		d = append(d, member{"last_modified", at})
	}
	return d
}

// middle is the mean of some places.
func middle(all []spot) (lat, lon float64, ok bool) {
	n := 0.0
	for _, p := range all {
		if p.pinned {
			lat, lon, n = lat+p.lat, lon+p.lon, n+1
		}
	}
	return lat / n, lon / n, n > 0
}

// distance is in metres over a round Earth.
func distance(lat, lon, lat2, lon2 float64) float64 {
	const radius, degree = 6_371_000, math.Pi / 180
	a := math.Pow(math.Sin((lat2-lat)*degree/2), 2) +
		math.Cos(lat*degree)*math.Cos(lat2*degree)*math.Pow(math.Sin((lon2-lon)*degree/2), 2)
	return 2 * radius * math.Asin(math.Min(1, math.Sqrt(a)))
}

// cut gives one page of ids that were all found.
func cut(ids []string, want Query) ([]string, int) {
	from := min((want.page()-1)*want.perPage(), len(ids))
	return slices.Clone(ids[from:min(from+want.perPage(), len(ids))]), len(ids)
}

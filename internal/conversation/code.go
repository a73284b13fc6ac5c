package conversation

import (
	"context"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/link"
)

// ByCode gives what was said in the conversation that a return code opens, with
// the answers. Whoever has the code may. Faults: NotFound, for every code that
// opens nothing here; "conversation.sheet.waiting" for one whose printed sheet
// nobody has typed in yet.
func (s *Service) ByCode(ctx context.Context, in, code string) (said Said, err error) {
	defer fault.Wrap(&err, "conversation.ByCode in %s", in)
	q := s.DB.Read()
	id, err := opened(ctx, q, in, code)
	if err != nil {
		return Said{}, err
	}
	c, err := get(ctx, q, in, id)
	if err != nil {
		return Said{}, err
	}
	all, err := withNames(ctx, q, in, []Conversation{c})
	if err != nil {
		return Said{}, err
	}
	return all[0], nil
}

// opened says which conversation a return code opens.
func opened(ctx context.Context, q db.Querier, in, code string) (string, error) {
	l, err := link.LookCode(ctx, q, codeKind, code)
	switch {
	case err != nil:
		return "", err
	case l.Initiative != in:
		return "", fault.New(fault.NotFound, "link.unknown")
	case l.Subject == "":
		return "", fault.New(fault.NotFound, "conversation.sheet.waiting")
	}
	return l.Subject, nil
}

// CodeKind is the kind of link that a return code is: what travels when an
// initiative moves to another server.
const CodeKind = codeKind

const (
	// maxCodes is how many sheets are printed at once.
	maxCodes = 60

	// codeHolds is how long a printed sheet can be used.
	codeHolds = 366 * 24 * time.Hour
)

// IssueCodes makes return codes for printed sheets, one each. They open nothing
// until somebody types the sheet in. Connectors and stewards may. Faults:
// NotFound; Invalid at "n".
func (s *Service) IssueCodes(ctx context.Context, who access.Actor, in string, n int) (codes []string, err error) {
	defer fault.Wrap(&err, "conversation.IssueCodes in %s", in)
	v, err := workingView(who, in)
	if err != nil {
		return nil, err
	}
	var f fault.Form
	f.Check(n >= 1 && n <= maxCodes, "n", "conversation.codes.number", "max", maxCodes)
	if err := f.Err(); err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		codes = make([]string, n)
		for i := range codes {
			l := link.Link{Initiative: in, Kind: codeKind, Expires: s.Now().Add(codeHolds)}
			if codes[i], err = link.NewCode(ctx, q, l); err != nil {
				return err
			}
		}
		return v.note(ctx, q, "issue codes", in)
	})
	return codes, err
}

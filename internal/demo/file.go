package demo

import (
	"context"
	_ "embed"
	"strings"

	"commonweal/internal/exchange"
	"commonweal/internal/exchange/hsds"
)

// Two lists that the steward found in an old folder: one came in, and one still
// waits for somebody to look at it.
var (
	//go:embed partners.csv
	partnersFile string
	//go:embed block-party.csv
	neighboursFile string
	//go:embed directory.json
	directoryFile string
)

// list brings in the county's directory of services: an HSDS file, with the
// county's own words for kinds of help.
func (m *maker) list(ctx context.Context) error {
	const name = "directory.json"
	p, err := hsds.Read(ctx, name, strings.NewReader(directoryFile), int64(len(directoryFile)), hsds.Usual)
	if err != nil {
		return err
	}
	_, _, err = m.Directories.Import(ctx, m.steward, m.in.ID, p, hsds.Options{Name: name})
	return err
}

// bring reads both, and brings the first in.
func (m *maker) bring(ctx context.Context) error {
	came, err := m.read(ctx, "partners.csv", partnersFile)
	if err != nil {
		return err
	}
	_, err = m.Exchange.Map(ctx, m.steward, m.in.ID, came.ID, 0, exchange.SheetDraft{
		Target: came.Sheets[0].Target, Answers: exchange.Answers{"agreed": "yes", "how": "phone"},
	})
	if err != nil {
		return err
	}
	if _, err := m.Exchange.Apply(ctx, m.steward, m.in.ID, came.ID, nil); err != nil {
		return err
	}
	waits, err := m.read(ctx, "block-party.csv", neighboursFile)
	if err != nil {
		return err
	}
	_, err = m.Exchange.Map(ctx, m.steward, m.in.ID, waits.ID, 0, exchange.SheetDraft{
		Target: waits.Sheets[0].Target, Answers: exchange.Answers{"agreed": "each", "how": "paper"},
	})
	return err
}

func (m *maker) read(ctx context.Context, name, text string) (exchange.Batch, error) {
	return m.Exchange.Upload(ctx, m.steward, m.in.ID, name, strings.NewReader(text), int64(len(text)))
}

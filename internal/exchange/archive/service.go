package archive

import (
	"context"
	"errors"
	"io"
	"os"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/clock"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/people"
)

// Service writes archives for those who may have them, and reads them in.
type Service struct {
	DB     *db.DB
	Now    clock.Clock
	People *people.Service
	Build  string
}

// Export writes an initiative's whole archive. For whoever runs the server,
// who could read it all anyway; the record says so. Faults: NotFound.
func (s *Service) Export(ctx context.Context, in string, w io.Writer, progress Progress) (m Manifest, err error) {
	defer fault.Wrap(&err, "archive.Export of %s", in)
	if err := s.note(ctx, access.Actor{}, in); err != nil {
		return Manifest{}, err
	}
	return Write(ctx, s.DB, in, w, Options{Copy: Whole, MadeAt: s.Now(), Build: s.Build, Progress: progress})
}

// Download gives the archive of what stewards may read, as a file that has no
// name and is gone when it is closed. Stewards may; it is noted. Faults:
// NotFound.
func (s *Service) Download(ctx context.Context, who access.Actor, in string) (f *os.File, size int64, err error) {
	defer fault.Wrap(&err, "archive.Download of %s", in)
	if err := who.Require(in, access.Steer); err != nil {
		return nil, 0, err
	}
	if err := s.note(ctx, who, in); err != nil {
		return nil, 0, err
	}
	// A file, since a slow reader would keep an old moment of the store alive.
	if f, err = os.CreateTemp("", "commonweal-archive-"); err != nil {
		return nil, 0, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	if _, err := Write(ctx, s.DB, in, f, Options{Copy: Stewards, MadeAt: s.Now(), Build: s.Build}); err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	if size, err = f.Seek(0, io.SeekEnd); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, 0, errors.Join(err, f.Close())
	}
	return f, size, nil
}

// note writes down that somebody read it all, before they do.
func (s *Service) note(ctx context.Context, who access.Actor, in string) error {
	return s.DB.Tx(ctx, func(q db.Querier) error {
		return audit.Note(ctx, q, audit.Event{
			Initiative: in, Account: who.Account, Person: who.Person(in), For: who.For, Act: audit.LookedAtAll, Object: in,
		})
	})
}

package people

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/jobs"
)

// ScrubJob is the kind of the job that takes what was erased out of the
// store's log; its handler is Service.Scrub.
const ScrubJob = "scrub"

// scrubLater adds the job to a transaction that erases. It is a job, since the
// log can't be emptied while somebody still reads what was there before.
func scrubLater(ctx context.Context, q db.Querier) error {
	return jobs.Add(ctx, q, jobs.Job{Kind: ScrubJob, Unique: ScrubJob})
}

// Scrub is the job's handler.
func (s *Service) Scrub(ctx context.Context, _ jobs.Work) error { return s.DB.Scrub(ctx) }

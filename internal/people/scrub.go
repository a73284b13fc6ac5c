package people

import (
	"context"

	"commonweal/internal/db"
	"commonweal/internal/jobs"
)

// ScrubJob is the kind of the job that takes what was erased out of the
// store's log; see Service.Handlers.
const ScrubJob = "scrub"

// ScrubLater adds the job to a transaction that erases, in this room or in
// another. It is a job, since the log can't be emptied while somebody still
// reads what was there before.
func ScrubLater(ctx context.Context, q db.Querier) error {
	return jobs.Add(ctx, q, jobs.Job{Kind: ScrubJob, Unique: ScrubJob})
}

// Handlers is the work that this room does a little later.
func (s *Service) Handlers() map[string]jobs.Handler {
	return map[string]jobs.Handler{
		ScrubJob: func(ctx context.Context, _ jobs.Work) error { return s.DB.Scrub(ctx) },
	}
}

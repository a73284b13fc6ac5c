package conversation

import (
	"context"
	"encoding/json"

	"commonweal/internal/access"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/initiative"
	"commonweal/internal/once"
)

// Record keeps a conversation: each answer becomes a record of its own. The
// same key and draft again give the same receipt. After "No. Just talk" nothing
// is kept but that there was a talk, that day.
//
// Anyone may write for themselves, on the web; connectors and stewards record
// on every channel, with people they know or somebody new. Faults: NotFound for
// a person who isn't theirs; Invalid with every field's fault at once; Conflict
// "once.other" when the key was used for another conversation.
func (s *Service) Record(ctx context.Context, who access.Actor, in, key string, d Draft) (r Receipt, err error) {
	defer fault.Wrap(&err, "conversation.Record in %s", in)
	here, err := initiative.Get(ctx, s.DB.Read(), in)
	if err != nil {
		return Receipt{}, err
	}
	v := visitorView(who, in)
	today := here.Today(s.Now())
	if d.Consent == JustTalk {
		return s.countTalk(ctx, v, key, d, today)
	}
	words, err := s.Gifts.Vocabulary(ctx, in)
	if err != nil {
		return Receipt{}, err
	}
	var f fault.Form
	c := d.check(here, today, words, v, &f)
	if f.Err() != nil {
		if err := c.checkStored(ctx, s.DB.Read(), in, &f); err != nil {
			return Receipt{}, err
		}
		return Receipt{}, f.Err()
	}
	return s.once(ctx, v, key, d.trimmed(), func(q db.Querier) (Receipt, error) {
		k := keeping{view: v, checked: c, q: q, here: here, today: today, now: s.Now(), newID: s.IDs.New, words: words}
		return k.keep(ctx)
	})
}

// countTalk notes that there was a talk. What was answered is dropped before
// anything looks at it, even the hash that tells one request from another.
func (s *Service) countTalk(ctx context.Context, v view, key string, d Draft, today db.Day) (Receipt, error) {
	d = d.justTalk()
	var f fault.Form
	c := checked{Draft: d}
	c.checkConsent(v, &f)
	c.checkHeld(today, &f)
	if err := f.Err(); err != nil {
		return Receipt{}, err
	}
	return s.once(ctx, v, key, d, func(q db.Querier) (Receipt, error) {
		return Receipt{}, insertTalk(ctx, q, v.initiative, c.HeldOn, v.self)
	})
}

// once carries out a request that hasn't been, and gives its receipt then as
// well as ever after.
func (s *Service) once(ctx context.Context, v view, key string, d Draft, do func(q db.Querier) (Receipt, error)) (r Receipt, err error) {
	hash, err := once.Hash(struct {
		By    string
		Draft Draft
	}{v.self, d})
	if err != nil {
		return Receipt{}, err
	}
	err = s.DB.Tx(ctx, func(q db.Querier) error {
		r = Receipt{}
		answer, _, err := once.Do(ctx, q, once.Key{Initiative: v.initiative, Key: key, RequestHash: hash}, func() (string, error) {
			made, err := do(q)
			if err != nil {
				return "", err
			}
			text, err := json.Marshal(made)
			return string(text), err
		})
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(answer), &r)
	})
	return r, err
}

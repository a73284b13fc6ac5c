package gift

import (
	"context"
	"slices"
	"strings"

	"commonweal/internal/access"
	"commonweal/internal/audit"
	"commonweal/internal/db"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
)

// TermDraft is a new term as somebody typed it: in one language at least.
// Synonyms stand one a line, or with commas between them.
type TermDraft struct {
	Kind     Kind
	Parent   string // id of a term without a parent, or ""
	Labels   map[i18n.Lang]string
	Synonyms map[i18n.Lang]string
}

// AddTerm adds a term to the list; gifts that so far stand in their own words
// only are kept under it, if they say it. Connectors and stewards may. Faults:
// NotFound; Invalid at kind, parent, label_LANG, synonyms_LANG.
func (s *Service) AddTerm(ctx context.Context, who access.Actor, in string, d TermDraft) (t Term, err error) {
	defer fault.Wrap(&err, "gift.AddTerm in %s", in)
	err = s.edit(ctx, who, in, "add term", func(e *edit) error {
		t = d.term(e)
		if err := e.faults.Err(); err != nil {
			return err
		}
		_, id, err := db.Mark(e.q)
		if err != nil {
			return err
		}
		t.ID = id
		if err := copyTerms(ctx, e.q, in, []Term{t}, e.at); err != nil {
			return err
		}
		for _, lang := range i18n.Langs() {
			w, said := t.Words[lang]
			if !said {
				continue
			}
			if err := e.adopt(ctx, t.ID, w.phrases()); err != nil {
				return err
			}
			if err := e.note(ctx, wordEdit{term: t.ID, act: "add", lang: lang, becomes: w.Label}); err != nil {
				return err
			}
		}
		return nil
	})
	return t, err
}

// term reads the draft, or says what is wrong with it.
func (d TermDraft) term(e *edit) Term {
	t := Term{Kind: d.Kind, Parent: d.Parent, Words: map[i18n.Lang]Words{}}
	e.faults.Check(d.Kind.Known(), "kind", "gift.kind.missing")
	p, known := e.words.Term(d.Parent)
	e.faults.Check(d.Parent == "" || known && p.Parent == "", "parent", "gift.parent.unknown")
	e.faults.Check(len(e.words.terms) < MaxTerms, "kind", "gift.term.full", "max", MaxTerms)
	for _, lang := range i18n.Langs() {
		w := Words{Label: oneLine(d.Labels[lang])}
		w.Synonyms = e.synonyms("", "synonyms_"+string(lang), w.Label, d.Synonyms[lang])
		e.faults.Check(w.Label != "" || len(w.Synonyms) == 0, "label_"+string(lang), "gift.label.missing")
		if w.Label != "" {
			e.word("", "label_"+string(lang), w.Label)
			t.Words[lang] = w
		}
	}
	e.faults.Check(len(t.Words) > 0, "label_"+string(i18n.Langs()[0]), "gift.label.missing")
	return t
}

// Rename calls a term something else in one language. The old name stays among
// its synonyms, so that what people said is still found. Connectors and
// stewards may. Faults: NotFound; Invalid at "label".
func (s *Service) Rename(ctx context.Context, who access.Actor, in, term string, lang i18n.Lang, label string) (err error) {
	defer fault.Wrap(&err, "gift.Rename %s in %s", term, in)
	return s.edit(ctx, who, in, "rename term", func(e *edit) error {
		t, err := e.term(term, lang)
		if err != nil {
			return err
		}
		label = oneLine(label)
		e.faults.Check(label != "", "label", "gift.label.missing")
		e.word(t.ID, "label", label)
		if err := e.faults.Err(); err != nil {
			return err
		}
		had := t.Words[lang]
		w := Words{Label: label, Synonyms: without(had.Synonyms, label)}
		if had.Label != "" && folded(had.Label) != folded(label) && len(w.Synonyms) < MaxSynonyms {
			w.Synonyms = append(w.Synonyms, had.Label)
		}
		return e.put(ctx, t.ID, lang, w, wordEdit{act: "rename", was: had.Label, becomes: label}, []string{label})
	})
}

// SetSynonyms replaces the other ways to say a term in one language: one a
// line, or with commas between. Gifts that so far stand in their own words only
// are kept under the term, if they say one of the new ones; none is lost by a
// word's leaving. Connectors and stewards may. Faults: NotFound; Invalid at
// "synonyms".
func (s *Service) SetSynonyms(ctx context.Context, who access.Actor, in, term string, lang i18n.Lang, typed string) (err error) {
	defer fault.Wrap(&err, "gift.SetSynonyms of %s in %s", term, in)
	return s.edit(ctx, who, in, "edit synonyms", func(e *edit) error {
		t, err := e.term(term, lang)
		if err != nil {
			return err
		}
		had := t.Words[lang]
		e.faults.Check(had.Label != "", "synonyms", "gift.label.first")
		w := Words{Label: had.Label, Synonyms: e.synonyms(t.ID, "synonyms", had.Label, typed)}
		if err := e.faults.Err(); err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(w.Synonyms), func(s string) bool { return slices.Contains(had.Synonyms, s) })
		return e.put(ctx, t.ID, lang, w, wordEdit{
			act: "synonyms", was: strings.Join(had.Synonyms, "\n"), becomes: strings.Join(w.Synonyms, "\n"),
		}, fresh)
	})
}

// SetWords writes how a term is said in every language at once, as Rename and
// SetSynonyms do: a name that changes stays among the synonyms, and gifts that
// say a new word are kept under the term. The draft's kind and parent aren't
// looked at. Connectors and stewards may. Faults: NotFound; Invalid at
// label_LANG and synonyms_LANG.
func (s *Service) SetWords(ctx context.Context, who access.Actor, in, term string, d TermDraft) (err error) {
	defer fault.Wrap(&err, "gift.SetWords of %s in %s", term, in)
	return s.edit(ctx, who, in, "edit words", func(e *edit) error {
		t, err := e.term(term, i18n.English)
		if err != nil {
			return err
		}
		next := map[i18n.Lang]Words{}
		for _, lang := range i18n.Langs() {
			next[lang] = e.reworded(t, lang, oneLine(d.Labels[lang]), d.Synonyms[lang])
		}
		if err := e.faults.Err(); err != nil {
			return err
		}
		for _, lang := range i18n.Langs() {
			if err := e.replace(ctx, t, lang, next[lang]); err != nil {
				return err
			}
		}
		return nil
	})
}

// reworded reads how a term is to be said in a language, or says what is wrong
// with it. A language that the term was never said in may stay empty.
func (e *edit) reworded(t Term, lang i18n.Lang, label, typed string) Words {
	had := t.Words[lang]
	w := Words{Label: label, Synonyms: e.synonyms(t.ID, "synonyms_"+string(lang), label, typed)}
	if label == "" {
		e.faults.Check(had.Label == "" && len(w.Synonyms) == 0, "label_"+string(lang), "gift.label.missing")
		return w
	}
	e.word(t.ID, "label_"+string(lang), label)
	if had.Label != "" && !slices.ContainsFunc(w.phrases(), func(s string) bool { return folded(s) == folded(had.Label) }) && len(w.Synonyms) < MaxSynonyms {
		w.Synonyms = append(w.Synonyms, had.Label)
	}
	return w
}

// replace writes what has changed of a term's words in a language.
func (e *edit) replace(ctx context.Context, t Term, lang i18n.Lang, w Words) error {
	had := t.Words[lang]
	renamed, reworded := w.Label != had.Label, !slices.Equal(w.Synonyms, had.Synonyms)
	if !renamed && !reworded {
		return nil
	}
	if err := putWords(ctx, e.q, e.initiative, t.ID, lang, w); err != nil {
		return err
	}
	fresh := slices.DeleteFunc(w.phrases(), func(s string) bool { return slices.Contains(had.phrases(), s) })
	if err := e.adopt(ctx, t.ID, fresh); err != nil {
		return err
	}
	if renamed {
		if err := e.note(ctx, wordEdit{term: t.ID, act: "rename", lang: lang, was: had.Label, becomes: w.Label}); err != nil {
			return err
		}
	}
	if !reworded {
		return nil
	}
	return e.note(ctx, wordEdit{
		term: t.ID, act: "synonyms", lang: lang, was: strings.Join(had.Synonyms, "\n"), becomes: strings.Join(w.Synonyms, "\n"),
	})
}

// Merge puts a term into another: its words become synonyms, its gifts are
// kept under the other, its narrower terms go along, and links to it lead on.
// No answer is lost. Connectors and stewards may. Faults: NotFound; Invalid at
// "into".
func (s *Service) Merge(ctx context.Context, who access.Actor, in, from, into string) (err error) {
	defer fault.Wrap(&err, "gift.Merge %s into %s in %s", from, into, in)
	return s.edit(ctx, who, in, "merge terms", func(e *edit) error {
		a, err := e.term(from, i18n.English)
		if err != nil {
			return err
		}
		b, known := e.words.Term(into)
		e.faults.Check(known && b.ID != a.ID, "into", "gift.into.unknown")
		if err := e.faults.Err(); err != nil {
			return err
		}
		for _, lang := range i18n.Langs() {
			w, said := a.Words[lang]
			if !said {
				continue
			}
			if err := putWords(ctx, e.q, in, b.ID, lang, together(b.Words[lang], w)); err != nil {
				return err
			}
		}
		parent := b.Parent
		if parent == a.ID {
			parent = a.Parent
		}
		if err := mergeInto(ctx, e.q, in, a.ID, b.ID, parent); err != nil {
			return err
		}
		return e.note(ctx, wordEdit{term: a.ID, act: "merge", becomes: b.ID})
	})
}

// together are the words of a term that takes in another's.
func together(b, a Words) Words {
	if b.Label == "" {
		return a
	}
	out := Words{Label: b.Label, Synonyms: slices.Clone(b.Synonyms)}
	for _, text := range a.phrases() {
		if !slices.Contains(out.phrases(), text) {
			out.Synonyms = append(out.Synonyms, text)
		}
	}
	return out
}

// edit is one change to the list, in its transaction.
type edit struct {
	q          db.Querier
	initiative string
	words      *Vocabulary
	at         db.Stamp
	faults     fault.Form
}

// edit runs a change to the list for whoever may, over the list as it is now.
func (s *Service) edit(ctx context.Context, who access.Actor, in, act string, run func(e *edit) error) error {
	if err := who.Require(in, access.Curate); err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(q db.Querier) error {
		now, err := version(ctx, q, in)
		if err != nil {
			return err
		}
		if now == 0 {
			if err := seed(ctx, q, in); err != nil {
				return err
			}
			now = 1
		}
		words, err := load(ctx, q, in, now)
		if err != nil {
			return err
		}
		if err := run(&edit{q: q, initiative: in, words: words, at: db.At(s.Now())}); err != nil {
			return err
		}
		if err := db.Touch(ctx, q, in); err != nil { // terms stand on public pages
			return err
		}
		return audit.Note(ctx, q, audit.Event{
			Initiative: in, Account: who.Account, Person: who.Person(in), For: who.For, Act: act, Object: in,
		})
	})
}

// term finds the one to be edited, in a language that we speak.
func (e *edit) term(id string, lang i18n.Lang) (Term, error) {
	t, known := e.words.Term(id)
	if !known || !i18n.Known(lang) {
		return Term{}, fault.ErrNotFound
	}
	return t, nil
}

// word says at a field what is wrong with a way to say a term.
func (e *edit) word(term, field, text string) {
	checkLong(text, field, MaxWord, &e.faults)
	e.faults.Check(len(tokens(text)) > 0, field, "gift.word.small", "word", text)
	other, taken := e.words.says(text)
	if taken && other != term {
		e.faults.Add(field, "gift.word.taken", "word", text, "term", e.words.Label(other, i18n.English))
	}
}

// synonyms reads a typed list, without the label and without doubles.
func (e *edit) synonyms(term, field, label, typed string) []string {
	var all []string
	seen := map[string]bool{folded(label): true}
	for _, text := range strings.FieldsFunc(typed, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' }) {
		text = oneLine(text)
		if text == "" || seen[folded(text)] {
			continue
		}
		seen[folded(text)] = true
		e.word(term, field, text)
		all = append(all, text)
	}
	e.faults.Check(len(all) <= MaxSynonyms, field, "gift.synonyms.full", "max", MaxSynonyms)
	return all
}

// put writes a term's words in a language, and keeps under it what says them.
func (e *edit) put(ctx context.Context, term string, lang i18n.Lang, w Words, note wordEdit, fresh []string) error {
	if err := putWords(ctx, e.q, e.initiative, term, lang, w); err != nil {
		return err
	}
	if err := e.adopt(ctx, term, fresh); err != nil {
		return err
	}
	note.term, note.lang = term, lang
	return e.note(ctx, note)
}

// adopt keeps under a term the gifts that say it and stand in their own words
// only. Few words are new at a time.
func (e *edit) adopt(ctx context.Context, term string, fresh []string) error {
	for _, text := range fresh {
		if err := adopt(ctx, e.q, e.initiative, term, text); err != nil {
			return err
		}
	}
	return nil
}

func (e *edit) note(ctx context.Context, w wordEdit) error {
	_, id, err := db.Mark(e.q)
	if err != nil {
		return err
	}
	w.id = id
	return noteEdit(ctx, e.q, e.initiative, w, e.at)
}

// oneLine puts a word on one line with single blanks.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// without leaves out of a list what reads the same as text.
func without(list []string, text string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return folded(s) == folded(text) })
}

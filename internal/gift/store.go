package gift

import (
	"context"
	"strconv"
	"strings"

	"commonweal/internal/db"
	"commonweal/internal/i18n"
)

// version is the number of edits to an initiative's list; 0 before it has one.
func version(ctx context.Context, q db.Querier, initiative string) (int64, error) {
	return db.One(ctx, q, db.Value[int64], `select count(*) from gift_term_edit where initiative_id = $1`, initiative)
}

// loadWords reads an initiative's whole list in one statement, the terms that
// were merged apart.
func loadWords(ctx context.Context, q db.Querier, initiative string) (terms []Term, merged map[string]string, err error) {
	byID := map[string]int{}
	merged = map[string]string{}
	_, err = db.All(ctx, q, func(row db.Row) (struct{}, error) {
		var t Term
		var into, lang, label, synonyms string
		if err := row.Scan(&t.ID, &t.Kind, &t.Parent, &into, &lang, &label, &synonyms); err != nil {
			return struct{}{}, err
		}
		if into != "" {
			merged[t.ID] = into
			return struct{}{}, nil
		}
		i, known := byID[t.ID]
		if !known {
			i = len(terms)
			byID[t.ID] = i
			t.Words = map[i18n.Lang]Words{}
			terms = append(terms, t)
		}
		terms[i].Words[i18n.Lang(lang)] = Words{Label: label, Synonyms: lines(synonyms)}
		return struct{}{}, nil
	}, `select t.id, t.kind, coalesce(t.parent_id, ''), coalesce(t.merged_into, ''), w.lang, w.label, w.synonyms
		from gift_term t
		join gift_word w on w.initiative_id = t.initiative_id and w.term_id = t.id
		where t.initiative_id = $1`, initiative)
	return terms, merged, err
}

// copyTerms writes a list down where there is none.
func copyTerms(ctx context.Context, q db.Querier, initiative string, terms []Term, at db.Stamp) error {
	termArgs := make([]any, 0, len(terms)*5)
	wordArgs := make([]any, 0, len(terms)*10)
	rows := 0
	for _, t := range terms {
		termArgs = append(termArgs, initiative, t.ID, string(t.Kind), null(t.Parent), at)
		for _, lang := range i18n.Langs() {
			if w, ok := t.Words[lang]; ok {
				wordArgs = append(wordArgs, initiative, t.ID, string(lang), w.Label, strings.Join(w.Synonyms, "\n"))
				rows++
			}
		}
	}
	if err := db.Exec(ctx, q, `insert into gift_term (initiative_id, id, kind, parent_id, created_at)
		values `+tuples(len(terms), 5)+` on conflict (initiative_id, id) do nothing`, termArgs...); err != nil {
		return err
	}
	return db.Exec(ctx, q, `insert into gift_word (initiative_id, term_id, lang, label, synonyms)
		values `+tuples(rows, 5)+` on conflict (initiative_id, term_id, lang) do nothing`, wordArgs...)
}

// putWords writes how a term is said in one language.
func putWords(ctx context.Context, q db.Querier, initiative, term string, lang i18n.Lang, w Words) error {
	return db.Exec(ctx, q, `insert into gift_word (initiative_id, term_id, lang, label, synonyms) values ($1, $2, $3, $4, $5)
		on conflict (initiative_id, term_id, lang) do update set label = excluded.label, synonyms = excluded.synonyms`,
		initiative, term, string(lang), w.Label, strings.Join(w.Synonyms, "\n"))
}

// wordEdit is one row of the list's history. Its number makes the version.
type wordEdit struct {
	id, term, act string
	lang          i18n.Lang
	was, becomes  string
}

func noteEdit(ctx context.Context, q db.Querier, initiative string, e wordEdit, at db.Stamp) error {
	return db.Exec(ctx, q, `insert into gift_term_edit (initiative_id, id, term_id, act, lang, was, becomes, edited_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (initiative_id, id) do nothing`,
		initiative, e.id, e.term, e.act, string(e.lang), e.was, e.becomes, at)
}

// mergeInto puts a term into another: gifts, gatherings and narrower terms go along.
func mergeInto(ctx context.Context, q db.Querier, initiative, from, into, parent string) error {
	for _, statement := range [...]string{
		`update gift set term_id = $3 where initiative_id = $1 and term_id = $2`,
		`update gift_gathering set term_id = $3 where initiative_id = $1 and term_id = $2`,
		`update gift_term set merged_into = $3, parent_id = null where initiative_id = $1 and id = $2`,
	} {
		if err := db.Exec(ctx, q, statement, initiative, from, into); err != nil {
			return err
		}
	}
	// What was narrower than the one is narrower than the other, or than its
	// parent, since a parent has none itself.
	if err := db.Exec(ctx, q, `update gift_term set parent_id = $3
		where initiative_id = $1 and parent_id = $2 and id <> $3 and id <> $4`, initiative, from, root(into, parent), into); err != nil {
		return err
	}
	return db.Exec(ctx, q, `update gift_term set parent_id = $3 where initiative_id = $1 and id = $2`, initiative, into, null(parent))
}

func root(term, parent string) string {
	if parent != "" {
		return parent
	}
	return term
}

// adopt keeps under a term the gifts that so far stand in their own words only,
// if those contain the phrase.
func adopt(ctx context.Context, q db.Querier, initiative, term, phrase string) error {
	return db.Exec(ctx, q, `update gift set term_id = $2
		where initiative_id = $1 and term_id is null and erased_at is null and text_folded like $3 escape '\'`,
		initiative, term, "%"+db.Like(folded(phrase))+"%")
}

// lines reads a list that was stored one a line.
func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// null is what an empty id is in the store.
func null(id string) any {
	if id == "" {
		return nil
	}
	return id
}

// tuples are the placeholders of several rows: ($1, $2), ($3, $4).
func tuples(rows, width int) string {
	var b strings.Builder
	for r := range rows {
		if r > 0 {
			b.WriteString(", ")
		}
		b.WriteString("(" + marks(r*width+1, width) + ")")
	}
	return b.String()
}

// marks are n placeholders from the first: $3, $4.
func marks(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

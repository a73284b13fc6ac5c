package claim

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"commonweal/evidence"
)

// Plan is what was decided before the first answer. Changing it makes a new
// version that says why; a claim names the version in force when data began.
type Plan struct {
	Question   string            `json:"question"`
	Outcomes   []string          `json:"outcomes"` // the primary one first
	Design     evidence.Design   `json:"design"`
	Estimand   evidence.Estimand `json:"estimand"`
	Arms       []string          `json:"arms"`
	Event      string            `json:"event"`
	N          int               `json:"n"`
	Waves      int               `json:"waves"`
	StopRule   string            `json:"stop_rule"`
	Analysis   string            `json:"analysis"`
	Covariates []string          `json:"covariates"`
	Subgroups  []string          `json:"subgroups"`
	Seed       uint64            `json:"seed,string"`
	Version    int               `json:"version"`
	Why        string            `json:"why"` // of this version
	At         time.Time         `json:"at"`
}

// Canonical is the plan as JSON with sorted keys, without spaces, in composed
// UTF-8, with its time in UTC.
func (p Plan) Canonical() []byte {
	p.At = p.At.UTC()
	fields := map[string]any{
		"question": composed(p.Question), "outcomes": allComposed(p.Outcomes), "design": composed(string(p.Design)),
		"estimand": composed(string(p.Estimand)), "arms": allComposed(p.Arms), "event": composed(p.Event), "n": p.N,
		"waves": p.Waves, "stop_rule": composed(p.StopRule), "analysis": composed(p.Analysis),
		"covariates": allComposed(p.Covariates), "subgroups": allComposed(p.Subgroups),
		// As text: JSON readers elsewhere keep only 53 bits of a number.
		"seed": uintText(p.Seed), "version": p.Version, "why": composed(p.Why), "at": p.At.Format(time.RFC3339Nano),
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(fields); err != nil {
		return nil // text and whole numbers can always be written
	}
	return bytes.TrimSpace(b.Bytes())
}

// Hash is the SHA-256 of the canonical plan, to be stored with a time before
// the first answer.
func (p Plan) Hash() [32]byte { return sha256.Sum256(p.Canonical()) }

func uintText(v uint64) string {
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}

func allComposed(vs []string) []string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = composed(v)
	}
	return out
}

// composed puts letters and the accents that follow them together (Unicode
// NFC), for the accents of the languages written in Latin letters: so that a
// plan typed on another keyboard has the same hash.
func composed(s string) string {
	if !strings.ContainsFunc(s, isAccent) {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	var out []rune
	for _, r := range s {
		if isAccent(r) && len(out) > 0 {
			if c, ok := compose(out[len(out)-1], r); ok {
				out[len(out)-1] = c
				continue
			}
		}
		out = append(out, r)
	}
	return string(out)
}

func isAccent(r rune) bool { return r >= 0x300 && r <= 0x36f }

// accented lists, for each accent, letters and what they become.
func accented() map[rune][2]string {
	return map[rune][2]string{
		0x300: {"AEIOUaeiouNnWwYy", "ÀÈÌÒÙàèìòùǸǹẀẁỲỳ"},
		0x301: {"AEIOUYaeiouyCcLlNnRrSsZzGgKkMmPpWw", "ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹźǴǵḰḱḾḿṔṕẂẃ"},
		0x302: {"AEIOUaeiouCcGgHhJjSsWwYyZz", "ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷẐẑ"},
		0x303: {"ANOanoIiUuEeVvYy", "ÃÑÕãñõĨĩŨũẼẽṼṽỸỹ"},
		0x304: {"AEIOUaeiouYyGg", "ĀĒĪŌŪāēīōūȲȳḠḡ"},
		0x306: {"AEIOUGaeioug", "ĂĔĬŎŬĞăĕĭŏŭğ"},
		0x307: {"CcEeGgIZz", "ĊċĖėĠġİŻż"},
		0x308: {"AEIOUaeiouyYWwXxHh", "ÄËÏÖÜäëïöüÿŸẄẅẌẍḦḧ"},
		0x30a: {"AaUu", "ÅåŮů"},
		0x30b: {"OoUu", "ŐőŰű"},
		0x30c: {"CcDdEeNnRrSsTtZzAaIiOoUuGgKkHhj", "ČčĎďĚěŇňŘřŠšŤťŽžǍǎǏǐǑǒǓǔǦǧǨǩȞȟǰ"},
		0x327: {"CcSsTtGgKkLlNnRrDdHhEe", "ÇçŞşŢţĢģĶķĻļŅņŖŗḐḑḨḩȨȩ"},
		0x328: {"AaEeIiUuOo", "ĄąĘęĮįŲųǪǫ"},
	}
}

func compose(letter, accent rune) (rune, bool) {
	pair := accented()[accent]
	to := []rune(pair[1])
	for i, r := range []rune(pair[0]) {
		if r == letter {
			return to[i], true
		}
	}
	return 0, false
}

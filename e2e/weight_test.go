package e2e_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// What a page may weigh, in bytes on the wire (interface.md, "Budgets").
const (
	kb = 1000

	maxFirst   = 60 * kb // a first visit, all told
	maxNeeded  = 15 * kb // of that, without fonts: what must arrive to read and act
	maxHTML    = 8 * kb
	maxCSS     = 8 * kb
	maxScripts = 5 * kb // where a page can't do without
	maxAgain   = 10 * kb
)

// scripted are the pages that load a script: a phone's lock needs one.
var scripted = []string{"/sign-in", "/devices", "/i/{initiative}/talk", "/i/{initiative}/talk/form"}

// load is one thing that a page loaded.
type load struct {
	url, kind string
	bytes     float64
	cached    bool
}

// scales weigh whatever a window loads.
type scales struct {
	mu    sync.Mutex
	loads map[network.RequestID]*load
	wrong []string
}

func weigh(w *window) *scales {
	w.Helper()
	s := &scales{loads: map[network.RequestID]*load{}}
	w.must(chromedp.Listen(w.own, func(event any) {
		s.mu.Lock()
		defer s.mu.Unlock()
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			s.loads[e.RequestID] = &load{url: e.Request.URL, kind: string(e.Type)}
		case *network.EventRequestServedFromCache:
			if l := s.loads[e.RequestID]; l != nil {
				l.cached = true
			}
		case *network.EventLoadingFinished:
			if l := s.loads[e.RequestID]; l != nil {
				l.bytes = e.EncodedDataLength
			}
		case *network.EventLoadingFailed:
			if l := s.loads[e.RequestID]; l != nil {
				s.wrong = append(s.wrong, l.url+" failed: "+e.ErrorText)
			}
		}
	}))
	return s
}

// visit loads a page and gives what came, by kind: "" is everything.
func (s *scales) visit(w *window, path string) map[string]float64 {
	w.Helper()
	s.mu.Lock()
	s.loads, s.wrong = map[network.RequestID]*load{}, nil
	s.mu.Unlock()
	w.visit(path)
	settled := `document.fonts.ready.then(() => true)`
	_, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](settled, chromedp.EvalAwaitPromise))
	w.must(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	by := map[string]float64{}
	for _, l := range s.loads {
		if !strings.HasPrefix(l.url, running.base+"/") && !strings.HasPrefix(l.url, "data:") {
			w.Errorf("%s asks another origin: %s", path, l.url)
		}
		if l.cached {
			continue
		}
		by[l.kind] += l.bytes
		by[""] += l.bytes
	}
	for _, wrong := range s.wrong {
		w.Errorf("%s: %s", path, wrong)
	}
	return by
}

func limit(t *testing.T, what string, got, most float64) {
	t.Helper()
	if got > most {
		t.Errorf("%s: %.1f KB, want at most %.0f", what, got/kb, most/kb)
	}
}

// TestWhatAResidentsPageWeighs loads every page that a neighbour may see as a
// phone does that was never here, and again.
func TestWhatAResidentsPageWeighs(t *testing.T) {
	heaviest := 0.0
	for _, p := range running.pages(t) {
		if p.who != guest && p.who != resident {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			w := open(t, look{who: p.who, lang: "es"})
			s := weigh(w)
			cold := s.visit(w, p.path)
			limit(t, "first visit", cold[""], maxFirst)
			limit(t, "without fonts", cold[""]-cold["Font"], maxNeeded)
			limit(t, "the page itself", cold["Document"], maxHTML)
			limit(t, "stylesheet", cold["Stylesheet"], maxCSS)
			limit(t, "scripts", cold["Script"], scriptsOf(p))
			heaviest = max(heaviest, cold[""])
			limit(t, "visited again", s.visit(w, p.path)[""], maxAgain)
		})
	}
	t.Logf("the heaviest first visit: %.1f KB", heaviest/kb)
	if heaviest < 30*kb {
		t.Error("no page weighs anything: the scales are broken")
	}
}

func scriptsOf(p shown) float64 {
	for _, path := range scripted {
		if p.name == path {
			return maxScripts
		}
	}
	return 0
}

// TestSavingData: whoever asks for less gets no fonts.
func TestSavingData(t *testing.T) {
	for _, path := range []string{"/i/riverside", "/i/riverside/share", "/i/riverside/gifts", "/i/riverside/me"} {
		w := open(t, look{who: resident})
		call(w, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Save-Data": "on"}})
		cold := weigh(w).visit(w, path)
		if cold["Font"] > 0 {
			t.Errorf("%s: fonts of %.1f KB", path, cold["Font"]/kb)
		}
		limit(t, path, cold[""], maxNeeded)
	}
}

// TestEveryPagesHTMLIsLight holds those pages to the limit as well that only
// connectors and stewards see, and refused forms.
func TestEveryPagesHTMLIsLight(t *testing.T) {
	for _, p := range append(running.pages(t), running.refused(t)...) {
		who := running.as(p.who)
		who.header.Set("Accept-Encoding", "br")
		a := answer{}
		if p.post == nil {
			a = who.get(t, p.path)
		} else {
			a = who.post(t, p.path, p.post)
		}
		if got := a.header.Get("Content-Encoding"); got != "br" && len(a.body) > kb {
			t.Errorf("%s is packed with %q", p.name, got)
		}
		limit(t, p.name, float64(len(a.body)), maxHTML)
	}
}

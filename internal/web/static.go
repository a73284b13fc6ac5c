package web

import (
	"encoding/json"
	"net/http"
	"strconv"

	"commonweal/internal/web/assets"
	"commonweal/internal/web/page"
)

// forever is how long a file keeps whose name changes with its bytes.
const forever = "public, max-age=31536000, immutable"

// asset serves a stylesheet, a font or a drawing.
func (s *site) asset(w http.ResponseWriter, hr *http.Request) {
	a, ok := assets.At(hr.URL.Path)
	if !ok {
		r := s.request(hr, page.Route{Pattern: hr.Pattern})
		s.speak(r)
		s.say(w, r, refusal{status: http.StatusNotFound, name: "notfound"}, "")
		return
	}
	h := w.Header()
	h.Set("Cache-Control", forever)
	if a.Path == assets.Path(assets.Worker) {
		h.Set("Service-Worker-Allowed", "/") // it lies here and works at the doorstep's pages
	}
	s.file(w, hr, a)
}

// favicon is for what asks for an icon without having read a page.
func (s *site) favicon(w http.ResponseWriter, hr *http.Request) {
	a, _ := assets.At(assets.Path(assets.Icon))
	w.Header().Set("Cache-Control", "public, max-age=86400")
	s.file(w, hr, a)
}

func (s *site) file(w http.ResponseWriter, hr *http.Request, a *assets.Asset) {
	h := w.Header()
	h.Set("Content-Type", a.Type)
	h.Set("Vary", "Accept-Encoding")
	accepts := accepted(hr.Header.Get("Accept-Encoding"))
	text, encoding := a.Encoded(accepts.br, accepts.gzip)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(text)))
	if _, err := w.Write(text); err != nil {
		return // the browser has gone
	}
}

// health is for whoever watches the server: 200 while it can be read and
// written, 503 and which of the two it can't otherwise.
func (s *site) health(w http.ResponseWriter, hr *http.Request) {
	read, write := s.Health(hr.Context())
	status := http.StatusOK
	if read != nil || write != nil {
		status = http.StatusServiceUnavailable
	}
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	state := map[bool]string{true: "ok", false: "failing"}
	if err := json.NewEncoder(w).Encode(map[string]string{"read": state[read == nil], "write": state[write == nil]}); err != nil {
		return // whoever asked has gone
	}
}

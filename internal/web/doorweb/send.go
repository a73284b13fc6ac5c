package doorweb

import (
	"encoding/json"
	"net/http"

	"commonweal/internal/web/asks"
	"commonweal/internal/web/page"
)

// keyHeader carries the id that the phone gave a conversation. Sent twice under
// one id, it is kept once.
const keyHeader = "Idempotency-Key"

// receipt is the answer to a phone. It may forget the conversation when ID is
// the one it sent.
type receipt struct {
	ID   string `json:"id"`
	Code string `json:"code,omitempty"`
	Says string `json:"says"`
}

// refusal names what is to be mended; the phone keeps the conversation and
// shows it.
type refusal struct {
	Fields []refused `json:"fields"`
}

type refused struct {
	Name string `json:"name"`
	Says string `json:"says"`
}

// send keeps a conversation that a phone had kept. Anything but a receipt
// leaves it on the phone.
func (p *Pages) send(w http.ResponseWriter, r *page.Request) error {
	f, err := page.ReadForm(r)
	if err != nil {
		return err
	}
	if err := checkWriter(r, f); err != nil {
		return err
	}
	b, key := r.Base("door.title"), r.Header.Get(keyHeader)
	kept, err := p.Conversations.Record(r.Context(), r.Who, r.In.ID, key, asks.Read(f))
	if err != nil {
		if !f.Refused(err) {
			return err
		}
		no := refusal{}
		for _, wrong := range f.Faults {
			no.Fields = append(no.Fields, refused{wrong.Name, b.Say(wrong.Message)})
		}
		return answer(w, http.StatusUnprocessableEntity, no)
	}
	return answer(w, http.StatusOK, receipt{ID: key, Code: kept.Code, Says: says(b, kept)})
}

func answer(w http.ResponseWriter, status int, with any) error {
	text, err := json.Marshal(with)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(text)
	return err
}

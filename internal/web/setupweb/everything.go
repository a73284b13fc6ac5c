package setupweb

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"commonweal/internal/access"
	"commonweal/internal/web/page"
)

// Archives makes an archive of what stewards may read; archive.Service is it.
type Archives interface {
	Download(ctx context.Context, who access.Actor, initiative string) (f *os.File, size int64, err error)
}

type everythingPage struct {
	page.Base
	Form *page.Form
}

func (p *Pages) everything(w http.ResponseWriter, r *page.Request) error {
	return page.Render(w, r, http.StatusOK, everythingView(everythingPage{base(r, "setup.everything.title"), page.NewForm()}))
}

// takeEverything sends the archive. It is a POST, since it is noted who took it.
func (p *Pages) takeEverything(w http.ResponseWriter, r *page.Request) (err error) {
	if _, err := page.ReadForm(r); err != nil {
		return err
	}
	f, size, err := p.Archives.Download(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := takesTime(w, r, size); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Content-Disposition", `attachment; filename="commonweal.zip"`) // a name that tells nothing
	h.Set("Cache-Control", "no-store")
	_, err = io.Copy(w, f)
	return err
}

const (
	pageful    = 4 << 20   // goes out in the time that any answer has
	slowestBit = 256 << 10 // bytes in a second, over a bad line
)

// takesTime gives a large file the time that it needs over a bad line.
func takesTime(w http.ResponseWriter, r *page.Request, size int64) error {
	if size <= pageful {
		return nil
	}
	until := r.Site.Now().Add(time.Minute + time.Duration(size/slowestBit)*time.Second)
	return http.NewResponseController(w).SetWriteDeadline(until)
}

func everythingLine(b page.Base) line {
	return line{Href: b.Path("setup", "everything"), Key: "setup.everything", Text: b.T("setup.everything.text")}
}

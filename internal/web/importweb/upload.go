package importweb

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"

	"commonweal/internal/exchange"
	"commonweal/internal/fault"
	"commonweal/internal/i18n"
	"commonweal/internal/web/page"
)

type listPage struct {
	page.Base
	Form    *page.Form
	Batches []exchange.Batch
}

func (p *Pages) list(w http.ResponseWriter, r *page.Request) error {
	return p.showList(w, r, http.StatusOK, page.NewForm())
}

func (p *Pages) showList(w http.ResponseWriter, r *page.Request, status int, f *page.Form) error {
	all, err := p.Exchange.List(r.Context(), r.Who, r.In.ID)
	if err != nil {
		return err
	}
	return page.Render(w, r, status, listView(listPage{base(r, "import.title"), f, all}))
}

// upload takes a file in. Whatever is wrong with it is said on the page that it
// came from.
func (p *Pages) upload(w http.ResponseWriter, r *page.Request) error {
	b, err := p.receive(r)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		err = fault.New(fault.Invalid, "sheet.file.large", "max", exchange.MaxFile>>20)
	}
	f := page.NewForm()
	if f.Refused(err) {
		f.Faults = []fault.Field{{Name: "file", Message: f.Faults[0].Message}}
		return p.showList(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return page.Redirect(w, r, r.Path("import", b.ID), "import.read", i18n.Args{"n": len(b.Sheets)})
}

// receive reads the file of a form into a file that nobody else may read, and
// that is gone when this returns: a large one isn't held in memory.
func (p *Pages) receive(r *page.Request) (b exchange.Batch, err error) {
	part, err := filePart(r)
	if err != nil {
		return exchange.Batch{}, err
	}
	kept, err := os.CreateTemp("", "commonweal-import-")
	if err != nil {
		return exchange.Batch{}, err
	}
	defer func() { err = errors.Join(err, kept.Close(), os.Remove(kept.Name())) }()
	size, err := io.Copy(kept, io.LimitReader(part, exchange.MaxFile+1))
	if err != nil {
		return exchange.Batch{}, unread(err)
	}
	if size == 0 {
		return exchange.Batch{}, fault.New(fault.Invalid, "sheet.file.empty")
	}
	return p.Exchange.Upload(r.Context(), r.Who, r.In.ID, part.FileName(), kept, size)
}

// filePart finds the file in a form.
func filePart(r *page.Request) (*multipart.Part, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "import.file.missing")
	}
	const most = 8 // controls before the file
	for range most {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unread(err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return part, nil
		}
	}
	return nil, fault.New(fault.Invalid, "import.file.missing")
}

// unread says that a form couldn't be read, unless it was too large.
func unread(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return err
	}
	return fault.Because(err, fault.Invalid, "import.file.broken")
}

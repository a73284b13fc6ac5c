package e2e_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"commonweal/internal/web/htmlcheck"
)

// person is somebody asking without a browser.
type person struct {
	d      *demo
	client *http.Client
	header http.Header
}

// as is somebody of the demo, with a jar of cookies of their own.
func (d *demo) as(who string) *person {
	jar, _ := cookiejar.New(nil) // fails for options only
	here, _ := url.Parse(d.base)
	if token := d.tokens[who]; token != "" {
		jar.SetCookies(here, []*http.Cookie{{Name: "cw", Value: token, Path: "/"}})
	}
	return &person{d: d, header: http.Header{}, client: &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: stay,
	}}
}

// stay shows a redirect instead of following it.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// answer is what came back.
type answer struct {
	status  int
	header  http.Header
	cookies []*http.Cookie
	body    string
	path    string
}

// do asks, and doesn't follow where it is sent. Who asks too often is told when
// to ask again, and does.
func (p *person) do(ctx context.Context, method, path string, form url.Values) (a answer, err error) {
	for {
		a, err = p.ask(ctx, method, path, form)
		if err != nil || a.status != http.StatusTooManyRequests {
			return a, err
		}
		seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
		if err != nil {
			return a, err
		}
		select {
		case <-time.After(time.Duration(seconds) * time.Second):
		case <-ctx.Done():
			return a, ctx.Err()
		}
	}
}

func (p *person) ask(ctx context.Context, method, path string, form url.Values) (a answer, err error) {
	r, err := http.NewRequestWithContext(ctx, method, p.d.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return a, err
	}
	for name, values := range p.header {
		r.Header[name] = values
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", p.d.base)
	}
	got, err := p.client.Do(r)
	if err != nil {
		return a, err
	}
	defer got.Body.Close() //nolint:errcheck // it was read to its end
	body, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header, got.Cookies(), string(body), path}, err
}

// get asks for a page, and follows where it is sent.
func (p *person) get(t *testing.T, path string) answer {
	t.Helper()
	for range 5 {
		a, err := p.do(t.Context(), http.MethodGet, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if a.status != http.StatusSeeOther {
			return a
		}
		path, _, _ = strings.Cut(a.header.Get("Location"), "#")
	}
	t.Fatalf("%s leads nowhere", path)
	return answer{}
}

func (p *person) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	a, err := p.do(t.Context(), http.MethodPost, path, form)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// isPage says whether this is a page to look at.
func (a answer) isPage() bool { return strings.HasPrefix(a.header.Get("Content-Type"), "text/html") }

func (a answer) doc(t *testing.T) htmlcheck.Doc { return htmlcheck.Parse(t, a.body) }

// Package e2e_test asks the finished program as people do: it builds
// commonweal, starts the demo, and looks at it with a browser.
//
// The browser is Chromium ($COMMONWEAL_TEST_CHROMIUM, or /usr/bin/chromium);
// axe and html-validate need Node and npm ci in this folder. What is missing is
// skipped loudly, and with CI=true fails.
package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Who looks at the demo.
const (
	guest     = "guest"
	resident  = "resident"
	connector = "connector"
	steward   = "steward"
)

// route is a row of the route table, as `demo --pages` writes it.
type route struct {
	Route, Path, Need string
	Private           bool
}

// of is who sees the most of a route.
func (r route) of() string {
	switch r.Need {
	case "belong", "signed in":
		return resident
	case "converse", "curate":
		return connector
	case "steer", "operate":
		return steward
	default:
		return guest
	}
}

// demo is the program at work.
type demo struct {
	built  string // where the program lies
	base   string
	routes []route
	tokens map[string]string // of sessions, by who
	said   *bytes.Buffer

	letters map[string]string // of the outboxes, by what opens them

	program *exec.Cmd // nil until it was started
}

var running = demo{letters: map[string]string{}}

func TestMain(m *testing.M) { os.Exit(main(m)) }

// main builds the program and runs its demo for all tests of this folder.
func main(m *testing.M) int {
	folder, err := os.MkdirTemp("", "commonweal-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(folder) //nolint:errcheck // a temporary folder that stays harms nobody
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	err = running.build(ctx, folder)
	if err == nil {
		err = running.start(ctx, folder)
	}
	defer running.end(stop)
	if err != nil {
		fmt.Fprintf(os.Stderr, "e2e: the demo doesn't run: %v\n%s\n", err, running.said)
		return 1
	}
	return m.Run()
}

// another runs one more demo, for a test that leaves it as no other test could
// use it.
func another(t *testing.T) *demo {
	t.Helper()
	d := &demo{built: running.built, letters: map[string]string{}}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context())) // it ends after what looks at it
	t.Cleanup(func() { d.end(stop) })
	if err := d.start(ctx, t.TempDir()); err != nil {
		t.Fatalf("one more demo doesn't run: %v\n%s", err, d.said)
	}
	return d
}

// build makes the program.
func (d *demo) build(ctx context.Context, folder string) error {
	d.built = filepath.Join(folder, "commonweal")
	d.said = &bytes.Buffer{}
	build := exec.CommandContext(ctx, "go", "build", "-o", d.built, "../cmd/commonweal")
	build.Stdout, build.Stderr = d.said, d.said
	return build.Run()
}

// start starts the demo on a free port and signs everybody in.
func (d *demo) start(ctx context.Context, folder string) error {
	d.said = &bytes.Buffer{}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	pages := filepath.Join(folder, "pages.json")
	run := exec.CommandContext(ctx, d.built, "demo", "--listen", address, "--pages", pages)
	run.Stdout, run.Stderr = d.said, d.said
	run.Cancel = func() error { return run.Process.Signal(os.Interrupt) }
	run.WaitDelay = 10 * time.Second
	if err := run.Start(); err != nil {
		return err
	}
	d.program = run
	d.base = "http://" + strings.Replace(address, "127.0.0.1", "localhost", 1)
	if err := d.wait(ctx); err != nil {
		return err
	}
	text, err := os.ReadFile(pages)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &d.routes); err != nil {
		return err
	}
	return d.signIn(ctx)
}

// end stops the program, and waits until it has put everything away.
func (d *demo) end(stop func()) {
	stop()
	if d.program == nil {
		return
	}
	if err := d.program.Wait(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(os.Stderr, "e2e: the demo ends badly: %v\n%s\n", err, d.said)
	}
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close() //nolint:errcheck // it was only to find a free port
	return l.Addr().String(), nil
}

// wait asks until the demo answers.
func (d *demo) wait(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.base+"/healthz", nil)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			return answer.Body.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-again.C:
		}
	}
}

// signIn presses each button of the demo's way in.
func (d *demo) signIn(ctx context.Context) (err error) {
	d.tokens = map[string]string{}
	for _, who := range []string{resident, connector, steward} {
		if d.tokens[who], err = d.session(ctx, who); err != nil {
			return err
		}
	}
	return nil
}

// faces are who stands at the demo's way in, in its order.
var faces = []string{resident, connector, steward}

// session signs somebody in on a device of their own.
func (d *demo) session(ctx context.Context, who string) (token string, err error) {
	p := &person{d: d, client: &http.Client{CheckRedirect: stay}}
	way, err := p.do(ctx, http.MethodGet, "/demo", nil)
	if err != nil {
		return "", err
	}
	accounts := strings.Split(way.body, `name="account" value="`)[1:]
	if len(accounts) != len(faces) {
		return "", fmt.Errorf("the demo's way in has %d faces: %s", len(accounts), way.body)
	}
	account, _, _ := strings.Cut(accounts[slices.Index(faces, who)], `"`)
	in, err := p.do(ctx, http.MethodPost, "/demo", url.Values{"account": {account}})
	if err != nil {
		return "", err
	}
	for _, c := range in.cookies {
		if c.Name == "cw" {
			return c.Value, nil
		}
	}
	return "", fmt.Errorf("no session as %s: %d", who, in.status)
}

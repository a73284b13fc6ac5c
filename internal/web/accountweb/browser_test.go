package accountweb_test

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"commonweal/internal/i18n"
	"commonweal/internal/web"
)

// chromium starts a browser with a phone's kind of passkey in it, whose owner
// is always there.
func chromium(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("no chromium: passkeys NOT TESTED in a browser")
		}
		t.Skip("no chromium: passkeys NOT TESTED in a browser")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil { // starts it
		t.Fatal(err)
	}
	ctx, stop = context.WithTimeout(ctx, time.Minute)
	t.Cleanup(stop)
	if _, err := chromedp.Call(ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	}); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// served is the house on a port of this machine, since browsers make passkeys
// for localhost.
func served(t *testing.T) (*house, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	base := "http://localhost:" + port
	h := open(t, func(h *house, c *web.Config) { c.Base, h.accounts.BaseURL = base, base })
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: h.site.Handler, ReadHeaderTimeout: time.Second}}
	server.Start()
	t.Cleanup(server.Close)
	return h, base
}

func TestABrowserMakesAPasskeyAndSignsInWithIt(t *testing.T) {
	ctx := chromium(t)
	h, base := served(t)
	first, err := h.accounts.FirstSteward(t.Context())
	h.must(err)
	words := i18n.In(i18n.English)
	press := func(key string) chromedp.Action[chromedp.Void] {
		return chromedp.Click(chromedp.Search(`//button[normalize-space(.)="` + words.T(key) + `"]`))
	}
	says := func(key string) chromedp.Action[chromedp.Void] {
		return chromedp.WaitVisible(chromedp.Search(`//*[contains(@class, "flash")][contains(., "` + words.T(key) + `")]`))
	}
	h.must(chromedp.Do(ctx,
		chromedp.Navigate(first),
		chromedp.SendKeys(chromedp.CSS("#email"), "sol@example.org"),
		press("account.first.button"), says("account.first.done"),

		chromedp.Navigate(base+"/devices"),
		press("account.ways.passkey.button"), says("account.devices.added"),

		press("page.signout"), says("account.out.done"),
		press("account.signin.passkey.button"), says("account.enter.done"),
	))
	at, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil || !strings.HasPrefix(at, base+"/first") {
		t.Errorf("led to %s, %v", at, err)
	}
}

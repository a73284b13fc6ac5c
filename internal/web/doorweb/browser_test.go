package doorweb_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"commonweal/internal/access"
	"commonweal/internal/db/dbtest"
	"commonweal/internal/i18n"
	"commonweal/internal/web"
)

// weather is how well the server can be reached.
type weather int32

const (
	fine   weather = iota
	silent         // connections break: no signal
	broken         // 503
	portal         // a stranger answers 200: a café's sign-in page
)

// doorstep is a phone with a real browser, and a server that it reaches or not.
type doorstep struct {
	*house
	base string
	sky  atomic.Int32
	who  atomic.Pointer[access.Actor] // behind the phone's session
	tab  context.Context
	root context.Context
}

func stand(t *testing.T) *doorstep {
	t.Helper()
	program := os.Getenv("COMMONWEAL_TEST_CHROMIUM")
	if program == "" {
		var err error
		if program, err = exec.LookPath("chromium"); err != nil {
			dbtest.Absent(t, "chromium", "the doorstep NOT TESTED in a browser")
		}
	}
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	d := &doorstep{base: "http://localhost:" + port}
	d.house = open(t, func(c *web.Config) {
		c.Base = d.base
		c.Actor = func(context.Context, string) (access.Actor, error) { return *d.who.Load(), nil }
	})
	d.who.Store(&d.carl)
	d.now.Advance(time.Since(d.now.Now())) // the phone has the day of the machine, and the server with it
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: d, ReadHeaderTimeout: time.Second}}
	server.Start()
	t.Cleanup(server.Close)

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	d.must(chromedp.Do(ctx)) // starts it
	d.root, stop = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	d.tab = d.root
	d.visit("sheet")
	_, err = chromedp.Call(d.tab, network.SetCookie, network.SetCookieParams{Name: "cw", Value: "session", URL: d.base})
	d.must(err)
	return d
}

func (d *doorstep) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch weather(d.sky.Load()) {
	case silent:
		panic(http.ErrAbortHandler) // the connection breaks
	case broken:
		http.Error(w, "no", http.StatusServiceUnavailable)
	case portal:
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write([]byte(`{"hello": "pay for this network"}`)) // the test looks at what the phone makes of it
	case fine:
		d.site.Handler.ServeHTTP(w, r)
	}
}

func (d *doorstep) weather(w weather) { d.sky.Store(int32(w)) }

func (d *doorstep) visit(path string) {
	d.Helper()
	d.must(chromedp.Do(d.tab, chromedp.Navigate(d.base+"/i/riverside/"+path)))
}

// run lets the page run a script, and gives what it returns.
func run[T any](d *doorstep, script string) T {
	d.Helper()
	got, err := chromedp.Run(d.tab, chromedp.Evaluate[T]("(async () => {"+script+"})()", chromedp.EvalAwaitPromise))
	if err != nil {
		d.Fatalf("%s: %v", script, err)
	}
	return got
}

// until waits for a condition on the page.
func (d *doorstep) until(condition string) {
	d.Helper()
	ok := run[bool](d, `for (let i = 0; i < 400; i++) {
		if (`+condition+`) return true;
		await new Promise((done) => setTimeout(done, 25));
	}
	return false;`)
	if !ok {
		d.Fatalf("never: %s\nthe phone says: %s", condition, run[string](d, `return document.querySelector("main").innerText`))
	}
}

// says waits for a sentence in the phone's status.
func (d *doorstep) says(sentence string) {
	d.Helper()
	text, err := json.Marshal(sentence)
	d.must(err)
	d.until(`document.getElementById("net").textContent.includes(` + string(text) + `)`)
}

func sentence(key string) string {
	return i18n.In(i18n.English).T("door.phone."+key, i18n.Args{"days": 30})
}

// ready is a form that this phone can show without signal.
func (d *doorstep) ready() {
	d.Helper()
	d.visit("talk")
	d.until(`await caches.match("/i/riverside/talk/form") && await caches.match(document.querySelector("script").src) && (await navigator.serviceWorker.getRegistration("/i/riverside/talk"))?.active`)
}

// press finds and presses in one step: the page may draw its list anew between two.
func (d *doorstep) press(selector string) {
	d.Helper()
	d.until(`document.querySelector("` + selector + `")`)
	if !run[bool](d, `const found = document.querySelector("`+selector+`");
	found?.click();
	return !!found;`) {
		d.Fatalf("nothing to press: %s", selector)
	}
}

// fill types into the form and presses its button.
func (d *doorstep) fill(pairs ...string) {
	d.Helper()
	text, err := json.Marshal(pairs)
	d.must(err)
	run[bool](d, `const form = document.querySelector("#doorstep form"), pairs = `+string(text)+`;
	for (let i = 0; i < pairs.length; i += 2) {
		const found = form.elements[pairs[i]];
		for (const c of found instanceof RadioNodeList ? found : [found]) {
			if (c.type === "radio" || c.type === "checkbox") c.checked = c.value === pairs[i + 1];
			else c.value = pairs[i + 1];
		}
	}
	return true;`)
	d.press("#doorstep form button[type=submit]")
}

// write is a conversation on a page of its own, until it is on the phone.
func (d *doorstep) write(pairs ...string) {
	d.Helper()
	d.visit("talk")
	d.fill(pairs...)
	d.until(`!document.getElementById("kept").hidden`)
}

// kept is all that lies on the phone, as text.
func (d *doorstep) kept() string {
	d.Helper()
	return run[string](d, readStore)
}

const readStore = `const db = await new Promise((done) => { const r = indexedDB.open("doorstep", 1); r.onsuccess = () => done(r.result); });
	const all = await new Promise((done) => { const r = db.transaction("talk").objectStore("talk").getAll(); r.onsuccess = () => done(r.result); });
	db.close();
	return JSON.stringify(all);`

// putBack writes onto the phone what had been there before.
func (d *doorstep) putBack(kept string) {
	d.Helper()
	run[bool](d, `const db = await new Promise((done) => { const r = indexedDB.open("doorstep", 1); r.onsuccess = () => done(r.result); });
	const change = db.transaction("talk", "readwrite");
	for (const talk of `+kept+`) change.objectStore("talk").put(talk);
	await new Promise((done) => { change.oncomplete = done; });
	db.close();
	return true;`)
}

// sent waits until nothing is left on the phone.
func (d *doorstep) sent() {
	d.Helper()
	d.until(`(await (async () => {` + readStore + `})()) === "[]"`)
}

func (d *doorstep) onPhone(want int) string {
	d.Helper()
	text := d.kept()
	var all []json.RawMessage
	d.must(json.Unmarshal([]byte(text), &all))
	if len(all) != want {
		d.Fatalf("%d conversations on the phone, want %d: %s", len(all), want, text)
	}
	return text
}

func (d *doorstep) onServer(want int) {
	d.Helper()
	if got := d.rows("conversation"); got != want {
		d.Fatalf("%d conversations on the server, want %d", got, want)
	}
}

func (d *doorstep) send() {
	d.Helper()
	run[bool](d, `dispatchEvent(new Event("online")); return true;`)
}

func TestADoorstepWithoutSignal(t *testing.T) {
	d := stand(t)
	d.ready()
	d.weather(silent)
	d.visit("talk")
	d.says(sentence("online")) // the phone believes so; it is the server that is out of reach
	d.write("consent", "name", "name", "Ana", "need", "a lift to the clinic")
	d.write("consent", "anon", "gift_skill", "mending bikes")
	d.write("consent", "name", "name", "Luis", "need", "una mesa", "support", "ride")
	d.write("consent", "no", "need", canary[0], "gift_skill", canary[1], "name", canary[2], "else_name", canary[0])
	d.says(sentence("offline"))
	before := d.onPhone(4)
	for _, word := range canary {
		if strings.Contains(before, word) {
			t.Errorf("after “No” the phone keeps %q: %s", word, before)
		}
	}
	d.onServer(0)

	tab, closeTab := chromedp.NewContext(d.root)
	d.tab = tab
	d.visit("talk")
	d.says("4")
	closeTab() // the page is closed
	tab, closeTab = chromedp.NewContext(d.root)
	t.Cleanup(closeTab)
	d.tab = tab
	d.visit("talk?lang=es") // in the other language too, without signal
	if lang := run[string](d, `return document.documentElement.lang`); lang != "es" {
		t.Errorf("the form is in %q", lang)
	}
	d.onPhone(4)

	d.weather(fine)
	d.visit("talk")
	d.sent()
	d.onServer(3)
	if n := d.rows("talk_count"); n != 1 {
		t.Errorf("%d talks were counted, want 1", n)
	}
	d.send()
	d.putBack(before)
	d.send()
	d.sent()
	d.onServer(3)
	if n := d.rows("talk_count"); n != 1 {
		t.Errorf("%d talks were counted, want 1", n)
	}
	store := d.stores()
	for _, word := range canary {
		if strings.Contains(store, word) {
			t.Errorf("%q is in the server's store", word)
		}
	}
}

func TestAPhoneForgetsOnlyWithAReceipt(t *testing.T) {
	d := stand(t)
	d.ready()
	d.weather(silent)
	d.write("consent", "anon", "need", "a lift")
	for _, c := range []struct {
		sky  weather
		who  access.Actor
		says string
	}{
		{broken, d.carl, "later"},
		{portal, d.carl, "later"},
		{fine, access.Actor{}, "signedout"},
		{silent, d.carl, "offline"},
		{fine, d.cora, "another"},
	} {
		d.weather(c.sky)
		d.who.Store(&c.who)
		d.send()
		d.says(sentence(c.says))
		d.onPhone(1)
		d.onServer(0)
	}
	d.who.Store(&d.cora)
	d.visit("talk") // on the page of another connector it waits
	d.says(strings.NewReplacer("{n}", "1").Replace(sentence("others")))
	d.onServer(0)
	d.write("consent", "anon", "need", "a bench") // and holds up none of hers
	d.until(`!document.getElementById("code").hidden`)
	d.onPhone(1)
	d.onServer(1)
	d.who.Store(&d.carl)
	d.visit("talk")
	d.sent()
	d.onServer(2)
}

func TestARefusedConversationHoldsUpNoOther(t *testing.T) {
	d := stand(t)
	d.ready()
	d.weather(silent)
	d.write("consent", "name", "name", "Ana", "need", "a lift", "sheet_code", "not a code")
	d.write("consent", "anon", "need", "a table")
	d.weather(fine)
	d.visit("talk")
	d.until(`document.querySelector("#unsent .tag:not([hidden])")`)
	d.onPhone(1)
	d.onServer(1)
	d.send() // what is marked waits for somebody to look
	d.onPhone(1)
	d.press("#unsent button")
	d.until(`document.querySelector("#sheet_code-fault") && document.querySelector("#need").value === "a lift"`)
	d.fill("sheet_code", "")
	d.until(`!document.getElementById("code").hidden && document.querySelector("#code strong").textContent.length === 14`)
	d.onPhone(0)
	d.onServer(2)
	if got := run[string](d, `return document.getElementById("says").textContent`); !strings.Contains(got, "Carl") {
		t.Errorf("the receipt says %q", got)
	}
}

func TestTheFormSaysWhatIsMissingBeforeTheDoorCloses(t *testing.T) {
	d := stand(t)
	d.visit("talk")
	d.fill("need", "a lift")
	d.until(`document.activeElement.name === "consent" && document.getElementById("consent-fault")`)
	d.fill("consent", "name")
	d.until(`document.activeElement.name === "name"`)
	d.fill("name", "Ana", "age", "under18")
	d.until(`document.activeElement.name === "parent"`)
	d.onPhone(0)
	d.fill("parent", "Rosa")
	d.until(`!document.getElementById("code").hidden`)
	d.onServer(1)
}

func TestAPhoneIsErased(t *testing.T) {
	d := stand(t)
	d.ready()
	d.weather(silent)
	d.write("consent", "name", "name", "Ana", "need", "a lift")
	old := strings.NewReplacer(`"at":1`, `"at":`).Replace(d.onPhone(1)) // its first digit gone: long ago
	d.press("#waiting summary")
	d.press("#erase")
	d.sent()
	d.until(`document.getElementById("waiting").hidden`) // drawn, so that it isn't drawn over what comes
	d.putBack(old)
	d.send()
	d.says(strings.NewReplacer("{n}", "1").Replace(sentence("old")))
	d.onPhone(0)
}

func TestSomebodyKnownIsKnownWithoutSignal(t *testing.T) {
	d := stand(t)
	rosa := d.person("Rosa", d.carl)
	d.ready()
	d.weather(silent)
	d.visit("talk?person=" + rosa)
	d.until(`!document.getElementById("known").hidden`)
	d.fill("consent", "name", "need", "a lift")
	d.until(`!document.getElementById("kept").hidden`)
	d.weather(fine)
	d.visit("talk")
	d.sent()
	if got := d.talksOf(d.carl, rosa); len(got) != 1 {
		t.Errorf("Rosa has %d conversations", len(got))
	}
}

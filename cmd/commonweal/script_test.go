package main

import (
	"context"
	"log/slog"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"commonweal/internal/clock"
	"commonweal/internal/demo"
	"commonweal/internal/web/webtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"commonweal": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts is what an operator does, as they would type it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"invent": inventIn},
	})
}

// inventIn is a script's command: invent FOLDER makes a data folder there with
// the invented initiative in it.
func inventIn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: invent FOLDER")
	}
	to := store{Data: ts.MkAbs(args[0])}
	ts.Check(os.MkdirAll(to.Data, 0o700))
	at := clock.NewFake(noon.AddDate(-2, 0, 0))
	h, err := build(context.Background(), plan{url: to.url(), data: to.Data, base: webtest.Origin, now: at.Now, log: slog.New(slog.DiscardHandler)})
	ts.Check(err)
	ts.Check(demo.Build(context.Background(), h.invention(at), noon, 1, few))
	ts.Check(h.close())
}

package main

import (
	"os"

	"github.com/mattn/go-isatty"

	"commonweal/evidence/casefile"
)

type evidenceCommand struct {
	Check evidenceCheckCommand `cmd:"" help:"Compute cases and compare them with what they expect."`
	Claim evidenceClaimCommand `cmd:"" help:"Say what may be claimed of a case, in English and Spanish, and what was kept back."`
}

type evidenceCheckCommand struct {
	Files []string `arg:"" help:"Cases in JSON, each with its CSV beside it." type:"path"`
}

type evidenceClaimCommand struct {
	Files []string `arg:"" help:"Cases in JSON, each with its CSV beside it." type:"path"`
}

func (c evidenceCheckCommand) Run(t terminal) error { return judged(t.cases().Check(c.Files)) }
func (c evidenceClaimCommand) Run(t terminal) error { return judged(t.cases().Claim(c.Files)) }

// cases reads files and writes JSON, or a page to read on a terminal.
func (t terminal) cases() casefile.Command {
	f, ok := t.out.(*os.File)
	return casefile.Command{Read: os.ReadFile, Out: t.out, Err: t.err, Readable: ok && isatty.IsTerminal(f.Fd())}
}

// status ends the program with a status of its own; what there was to say has
// been said.
type status int

func (s status) Error() string { return "" }

func judged(code int, err error) error {
	if err != nil || code == casefile.StatusPass {
		return err
	}
	return status(code)
}

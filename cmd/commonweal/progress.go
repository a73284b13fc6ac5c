package main

import (
	"fmt"
	"os"
	"strings"
)

// progress is one line that says how far a long command is. Where nobody looks
// on, in a script or a log, it says nothing.
type progress struct {
	t     terminal
	shown int // letters that stand on the line
}

// progress begins a line, if the command writes to a screen.
func (t terminal) progress() *progress { return &progress{t: t} }

func (t terminal) isScreen() bool {
	f, ok := t.out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// tell shows what is being done, and how much of it is; all is 0 while nobody
// knows.
func (p *progress) tell(doing string, done, all int64) {
	if !p.t.isScreen() {
		return
	}
	line := fmt.Sprintf("… %s, %d", doing, done)
	if all > 0 {
		line = fmt.Sprintf("… %s, %d of %d", doing, done, all)
	}
	p.show(line)
}

func (p *progress) show(line string) {
	_, _ = fmt.Fprint(p.t.out, "\r"+line+strings.Repeat(" ", max(0, p.shown-len(line))))
	p.shown = len(line)
}

// end clears the line.
func (p *progress) end() {
	if p.shown > 0 {
		p.show("")
		_, _ = fmt.Fprint(p.t.out, "\r")
	}
}

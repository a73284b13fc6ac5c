// Command gobench runs the benchmarks, shows what they print, and judges it by
// the figures in goals.txt. No test asserts a time or a ratio: this does.
//
//	go run ./scripts/gobench ARGUMENTS OF GO TEST
//
// It ends with 1 when a figure was missed or a benchmark failed. A ratio of one
// run on a busy machine proves little: run it again before believing it.
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
)

//go:embed goals.txt
var goalsText string

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	goals, err := readGoals(goalsText)
	if err != nil {
		fmt.Fprintln(stderr, "gobench:", err)
		return 2
	}
	var kept bytes.Buffer
	command := exec.Command("go", append([]string{"test", "-run", "^$"}, args...)...)
	command.Stdout, command.Stderr = io.MultiWriter(stdout, &kept), stderr
	failed := command.Run()
	verdicts := judge(readResults(kept.String()), goals)
	missed := 0
	fmt.Fprintln(stdout, "\nfigures to beat:")
	for _, v := range verdicts {
		if !v.met {
			missed++
		}
		fmt.Fprintln(stdout, v)
	}
	fmt.Fprintf(stdout, "%d met, %d missed\n", len(verdicts)-missed, missed)
	if failed != nil {
		fmt.Fprintln(stderr, "gobench: go test:", failed)
	}
	if failed != nil || missed > 0 {
		return 1
	}
	return 0
}

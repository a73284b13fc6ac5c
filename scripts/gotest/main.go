// Command gotest runs go test and says what a person wants to know of it: one
// line a package, the whole output of what failed, the reason of every skip, the
// slowest packages, and how many tests passed, failed and were skipped.
//
//	go run ./scripts/gotest [-tally FILE] -- ARGUMENTS OF GO TEST
//
// With CI=true a skipped test is a failure, unless the reason it gives holds a
// word that CI_WITHOUT declares: CI_WITHOUT=loop allows t.Skip("no loop device").
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, os.Getenv))
}

func run(args []string, stdout, stderr io.Writer, env func(string) string) int {
	flags := flag.NewFlagSet("gotest", flag.ContinueOnError)
	flags.SetOutput(stderr)
	tally := flags.String("tally", "", "append the counts to this `file`: passed failed skipped")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	report, err := goTest(flags.Args(), stdout, stderr)
	if err != nil {
		fmt.Fprintln(stderr, "gotest:", err)
		return 2
	}
	report.strict = env("CI") == "true"
	report.declared = strings.FieldsFunc(env("CI_WITHOUT"), func(r rune) bool { return r == ',' || r == ' ' })
	report.print(stdout)
	if *tally != "" {
		if err := report.append(*tally); err != nil {
			fmt.Fprintln(stderr, "gotest:", err)
			return 2
		}
	}
	if !report.good() {
		return 1
	}
	return 0
}

// goTest runs go test and reads its events. A failing test is in the report, not in the error.
func goTest(args []string, stdout, stderr io.Writer) (*report, error) {
	command := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	command.Stderr = stderr
	events, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	r := newReport(stdout)
	if err := r.read(events); err != nil {
		return nil, errors.Join(err, command.Wait())
	}
	r.exit = command.Wait()
	return r, nil
}

// Command commonweal is one server on which a community and its partners run a
// collective impact initiative. See docs/start.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func (t terminal) say(format string, args ...any) { _, _ = fmt.Fprintf(t.out, format+"\n", args...) }

// store is what every command that opens the store may be told.
type store struct {
	Data     string `help:"Folder that holds everything: database, keys, backups." default:"data" env:"COMMONWEAL_DATA" type:"path" placeholder:"FOLDER"`
	Database string `help:"Keep the records in PostgreSQL instead: postgres://user@host/name." env:"COMMONWEAL_DATABASE" placeholder:"URL"`
}

// url is where the records are.
func (s store) url() string {
	if s.Database != "" {
		return s.Database
	}
	return filepath.Join(s.Data, "commonweal.db")
}

type commands struct {
	Config kong.ConfigFlag `help:"Read flags from a TOML file." placeholder:"FILE" env:"COMMONWEAL_CONFIG" type:"path"`

	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Demo    demoCommand    `cmd:"" help:"Run an example initiative, with invented people, to look around in."`
	Backup  backupCommand  `cmd:"" help:"Write an encrypted backup, restore it beside, and compare the two."`
	Restore restoreCommand `cmd:"" help:"Bring a backup back, and erase again whoever was erased since."`
	Verify  verifyCommand  `cmd:"" help:"Check the audit chain of the store, or a backup file."`
	Export  exportCommand  `cmd:"" help:"Write a whole initiative to one file, for another commonweal and for people."`
	Import  importCommand  `cmd:"" help:"Bring a file in, after everything in it was checked."`
	Erase   eraseCommand   `cmd:"" help:"Erase one person's words and contacts; counts stay."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's tables up to this version."`
	Doctor  doctorCommand  `cmd:"" help:"Look for what would hurt later: settings, space, backups, mail."`
	Version versionCommand `cmd:"" help:"Print the version."`

	Evidence evidenceCommand `cmd:"" help:"Check statistical cases, and say what may be claimed of them."`
}

const about = `One server on which a community and its partners run a collective impact initiative.

Every flag can also be set in the environment (COMMONWEAL_DATA, …) or in a TOML file given with --config.`

// run is the whole program. It returns the exit status: 0 well, 1 something
// went wrong, 2 the command was not understood.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) (code int) {
	t := terminal{in: in, out: out, err: errs}
	var c commands
	exited := false
	parser, err := kong.New(&c,
		kong.Name("commonweal"), kong.Description(about), kong.UsageOnError(),
		kong.Writers(out, errs), kong.Exit(func(asked int) { exited, code = true, asked }),
		kong.Configuration(readConfig), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(t),
	)
	if err != nil {
		_, _ = fmt.Fprintln(errs, "commonweal:", err)
		return 2
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exited {
		return code
	}
	if err != nil {
		_, _ = fmt.Fprintf(errs, "commonweal: %v\nTry: commonweal --help\n", err)
		return 2
	}
	err = parsed.Run()
	if own := status(0); errors.As(err, &own) {
		return int(own)
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		_, _ = fmt.Fprintln(errs, "commonweal:", err)
		return 1
	}
	return 0
}

// readConfig takes flags from a TOML file: a line is a flag without its
// dashes, and the flags of one command may stand under its name.
func readConfig(r io.Reader) (kong.Resolver, error) {
	var values map[string]any
	if _, err := toml.NewDecoder(r).Decode(&values); err != nil {
		return nil, fmt.Errorf("the file given with --config: %w", err)
	}
	return kong.ResolverFunc(func(_ *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
		if parent.Command != nil {
			if under, ok := values[parent.Command.Name].(map[string]any); ok && under[flag.Name] != nil {
				return under[flag.Name], nil
			}
		}
		return values[flag.Name], nil
	}), nil
}

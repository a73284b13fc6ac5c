// Command addstring adds one sentence to every catalogue at once, so that no
// language is forgotten:
//
//	make add-string AREA=gift KEY=gift.text.missing EN="Say what it is." ES="Diga qué es."
//
// It writes internal/i18n/locales/{en,es}/AREA.toml, below the table that the key
// belongs to, and changes nothing when the key is already there.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("addstring", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("locales", "internal/i18n/locales", "the `folder` of the catalogues")
	area := flags.String("area", "", "the catalogue's `file`, without .toml")
	key := flags.String("key", "", "the `key`, dots between its parts")
	en := flags.String("en", "", "the sentence in English")
	es := flags.String("es", "", "the sentence in Spanish (usted), written anew rather than word by word")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if err := add(*root, *area, *key, map[string]string{"en": *en, "es": *es}); err != nil {
		fmt.Fprintln(stderr, "addstring:", err)
		return 1
	}
	fmt.Fprintf(stdout, "%s is in en/%s.toml and es/%s.toml\n", *key, *area, *area)
	return 0
}

// add puts the key into each language's file, or into none.
func add(root, area, key string, sentences map[string]string) error {
	if area == "" || strings.ContainsAny(area, `/\.`) {
		return fmt.Errorf("AREA must be the name of a catalogue file, without .toml: got %q", area)
	}
	files := map[string]string{}
	for lang, sentence := range sentences {
		if strings.TrimSpace(sentence) == "" {
			return fmt.Errorf("the sentence in %q is missing", lang)
		}
		path := filepath.Join(root, lang, area+".toml")
		old, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if files[path], err = insert(string(old), key, sentence); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	for path, text := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInsert(t *testing.T) {
	const catalogue = "# what people give\n[gift]\ntitle = \"Gifts\"\n\n# about its text\n[gift.text]\nlabel = \"What is it?\"\n\n[gift.kind]\nskill = \"skill\"\n"
	cases := []struct {
		name, catalogue, key, sentence, want, fault string
	}{
		{
			name:      "a key joins its table, and comments stay",
			catalogue: catalogue, key: "gift.text.missing", sentence: `Say "what" it is.`,
			want: strings.Replace(catalogue, "label = \"What is it?\"\n", "label = \"What is it?\"\nmissing = \"Say \\\"what\\\" it is.\"\n", 1),
		},
		{
			name:      "a new table goes to the end",
			catalogue: catalogue, key: "gift.place.label", sentence: "Where?",
			want: catalogue + "\n[gift.place]\nlabel = \"Where?\"\n",
		},
		{name: "a new file begins with its table", key: "gift.title", sentence: "Gifts", want: "[gift]\ntitle = \"Gifts\"\n"},
		{name: "a key that is there stays as it is", catalogue: catalogue, key: "gift.title", sentence: "Other", fault: "already there"},
		{name: "a key without a table is refused", key: "title", sentence: "Gifts", fault: "noun.field.problem"},
		{name: "a reserved last part is refused", key: "gift.other", sentence: "Another", fault: "part of a plural"},
		{name: "a sentence where a table stands is refused", catalogue: catalogue, key: "gift.text", sentence: "x", fault: "already there"},
		{name: "a table below a sentence is refused", catalogue: catalogue, key: "gift.title.more", sentence: "x", fault: "title"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := insert(c.catalogue, c.key, c.sentence)
			if c.fault != "" {
				if err == nil || !strings.Contains(err.Error(), c.fault) {
					t.Fatalf("got error %v, want one that says %q", err, c.fault)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// A sentence without its Spanish must leave the English file as it was.
func TestASentenceGoesIntoEveryLanguageOrNone(t *testing.T) {
	root := t.TempDir()
	args := []string{"-locales", root, "-area", "gift", "-key", "gift.title", "-en", "Gifts"}
	if got := run(args, io.Discard, io.Discard); got != 1 {
		t.Errorf("without Spanish: got exit %d, want 1", got)
	}
	if _, err := os.Stat(filepath.Join(root, "en", "gift.toml")); !os.IsNotExist(err) {
		t.Errorf("the English file was written: %v", err)
	}
	if got := run(append(args, "-es", "Dones"), io.Discard, io.Discard); got != 0 {
		t.Fatalf("with both: got exit %d, want 0", got)
	}
	for lang, want := range map[string]string{"en": "[gift]\ntitle = \"Gifts\"\n", "es": "[gift]\ntitle = \"Dones\"\n"} {
		got, err := os.ReadFile(filepath.Join(root, lang, "gift.toml"))
		if err != nil || string(got) != want {
			t.Errorf("%s: got %q (%v), want %q", lang, got, err, want)
		}
	}
}

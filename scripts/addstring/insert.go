package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

// reserved are the names that the catalogue reader takes for parts of a plural message.
var reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}

// insert returns the catalogue with the key added, and everything else as it was: comments too.
func insert(catalogue, key, sentence string) (string, error) {
	if !keyForm.MatchString(key) {
		return "", fmt.Errorf("the key must look like noun.field.problem: got %q", key)
	}
	parts := strings.Split(key, ".")
	last := parts[len(parts)-1]
	if slices.Contains(reserved, last) {
		return "", fmt.Errorf("a key can't end in %q: the catalogue reader takes it for part of a plural", last)
	}
	if old, found, err := find(catalogue, parts); err != nil {
		return "", err
	} else if found {
		return "", fmt.Errorf("%s is already there: %v", key, old)
	}
	text := place(catalogue, "["+strings.Join(parts[:len(parts)-1], ".")+"]", last+" = "+quote(sentence))
	got, _, err := find(text, parts)
	if err != nil {
		return "", err
	}
	if got != sentence {
		return "", errors.New("the file's form is unusual: add the sentence by hand")
	}
	return text, nil
}

// find reads the key's value, whatever way the file spells its tables.
func find(catalogue string, parts []string) (any, bool, error) {
	var tree map[string]any
	if _, err := toml.Decode(catalogue, &tree); err != nil {
		return nil, false, err
	}
	var at any = tree
	for _, part := range parts {
		table, ok := at.(map[string]any)
		if !ok {
			return nil, false, nil
		}
		if at, ok = table[part]; !ok {
			return nil, false, nil
		}
	}
	return at, true, nil
}

// place puts the line at the end of its table, or makes the table at the end of the file.
func place(catalogue, header, line string) string {
	lines := strings.Split(strings.TrimRight(catalogue, "\n"), "\n")
	start := slices.IndexFunc(lines, func(l string) bool { return strings.TrimSpace(l) == header })
	if start < 0 {
		if catalogue == "" {
			return header + "\n" + line + "\n"
		}
		return strings.Join(append(lines, "", header, line), "\n") + "\n"
	}
	end := start + 1 // after the table's last sentence
	for i := start + 1; i < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[i]), "["); i++ {
		if text := strings.TrimSpace(lines[i]); text != "" && !strings.HasPrefix(text, "#") {
			end = i + 1
		}
	}
	return strings.Join(slices.Insert(lines, end, line), "\n") + "\n"
}

// quote writes a TOML basic string.
func quote(sentence string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(sentence) + `"`
}

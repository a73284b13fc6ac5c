package main

import "runtime/debug"

type versionCommand struct{}

// Run prints what this program is built from.
func (versionCommand) Run(t terminal) error {
	t.say("commonweal %s", version())
	return nil
}

// version is the commit that the program was built from, or "development".
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "development"
	}
	v, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			v = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	if v == "" {
		return "development"
	}
	return v + dirty
}

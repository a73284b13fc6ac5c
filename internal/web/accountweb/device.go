package accountweb

import "strings"

// device names a browser by what it says of itself: "Firefox, Android". It is
// for its owner to tell devices apart, and no more than that is kept.
func device(agent string) string {
	browser, system := known(agent, browsers), known(agent, systems)
	if browser == "" || system == "" {
		return browser + system
	}
	return browser + ", " + system
}

// A mark of a browser and its name. Order matters: each of them also says the
// marks of those below it.
var browsers = [][2]string{
	{"Edg", "Edge"},
	{"OPR/", "Opera"},
	{"SamsungBrowser/", "Samsung Internet"},
	{"FxiOS/", "Firefox"},
	{"Firefox/", "Firefox"},
	{"CriOS/", "Chrome"},
	{"Chromium/", "Chromium"},
	{"Chrome/", "Chrome"},
	{"Safari/", "Safari"},
}

var systems = [][2]string{
	{"iPhone", "iPhone"},
	{"iPad", "iPad"},
	{"Android", "Android"},
	{"CrOS", "Chromebook"},
	{"Windows", "Windows"},
	{"Mac OS X", "Mac"},
	{"Linux", "Linux"},
}

func known(agent string, names [][2]string) string {
	for _, n := range names {
		if strings.Contains(agent, n[0]) {
			return n[1]
		}
	}
	return ""
}

package account

import (
	"net/url"
	"strings"
)

// longestNext is far longer than any path of ours, and short enough for a link.
const longestNext = 500

// LocalPath gives back a path of this server, with its query, to go to after
// signing in; anything else, another server's address above all, becomes "/".
func LocalPath(next string) string {
	if next == "" || len(next) > longestNext || next[0] != '/' {
		return "/"
	}
	// Browsers read "//host" and "/\host" as another server, and drop tabs and
	// line breaks before they look.
	if strings.HasPrefix(next, "//") || strings.ContainsFunc(next, func(r rune) bool { return r == '\\' || r <= ' ' || r == 0x7f }) {
		return "/"
	}
	to, err := url.Parse(next)
	if err != nil || to.Scheme != "" || to.Host != "" || to.User != nil {
		return "/"
	}
	return next
}

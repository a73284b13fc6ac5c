package access

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheTable writes the one table down a second time, by hand, so that no
// edit of it goes unnoticed.
func TestTheTable(t *testing.T) {
	const want = `
           anyone signedin belong converse curate steer operate
visitor    x      .        .      .        .      .     .
nobody     x      x        .      .        .      .     .
operator   x      x        .      .        .      .     x
steward    x      x        x      x        x      x     .
connector  x      x        x      x        x      .     .
partner    x      x        x      .        .      .     .
funder     x      x        x      .        .      .     .
member     x      x        x      .        .      .     .
elsewhere  x      x        .      .        .      .     .
`
	needs := []Need{Anyone, SignedIn, Belong, Converse, Curate, Steer, Operate}
	actors := []struct {
		name string
		who  Actor
	}{
		{"visitor", Actor{}},
		{"nobody", Actor{Account: "a"}},
		{"operator", Actor{Account: "a", Operator: true}},
	}
	for _, k := range Kinds() {
		actors = append(actors, struct {
			name string
			who  Actor
		}{string(k), Actor{Account: "a", Memberships: []Membership{{"elm", "p", k}}}})
	}
	actors = append(actors, struct {
		name string
		who  Actor
	}{"elsewhere", Actor{Account: "a", Memberships: []Membership{{"oak", "p", Steward}}}})

	var got strings.Builder
	fmt.Fprintf(&got, "\n%-10s anyone signedin belong converse curate steer operate\n", "")
	for _, a := range actors {
		fmt.Fprintf(&got, "%-10s", a.name)
		for i, n := range needs {
			mark := "."
			if a.who.May("elm", n) {
				mark = "x"
			}
			if (a.who.Require("elm", n) == nil) != a.who.May("elm", n) {
				t.Errorf("%s: May and Require disagree on %d", a.name, n)
			}
			fmt.Fprintf(&got, " %-*s", []int{6, 8, 6, 8, 6, 5, 7}[i], mark)
		}
		got.WriteString("\n")
	}
	lines := strings.Split(got.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	if diff := cmp.Diff(want, strings.Join(lines, "\n")); diff != "" {
		t.Errorf("who may what (-want +got):\n%s", diff)
	}
}

func TestTheZeroNeedIsMetByNobody(t *testing.T) {
	everything := Actor{Account: "a", Operator: true}
	for _, k := range Kinds() {
		everything.Memberships = append(everything.Memberships, Membership{"elm", "p", k})
	}
	if everything.May("elm", 0) {
		t.Error("a route that doesn't say who may is open")
	}
	if everything.May("elm", Invented+1) {
		t.Error("an unknown need is met")
	}
}

func TestNobodyIsAPersonElsewhere(t *testing.T) {
	who := Actor{Account: "a", Memberships: []Membership{{"elm", "p", Member}}, Grants: []Grant{{"elm", "o", "author"}}}
	if who.Person("oak") != "" || who.Person("elm") != "p" {
		t.Errorf("person = %q in elm, %q in oak", who.Person("elm"), who.Person("oak"))
	}
	if who.Has("oak", "o", "author") || who.Has("elm", "o", "reviewer") || !who.Has("elm", "o", "author") {
		t.Error("a right on one object reaches further")
	}
	if !slices.Contains(Kinds(), Steward) || len(Kinds()) != 5 {
		t.Errorf("kinds = %v", Kinds())
	}
}

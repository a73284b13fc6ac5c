package fault

import (
	"errors"
	"testing"
)

func TestAnUnclassifiedErrorIsInternal(t *testing.T) {
	if got := KindOf(errors.New("disk on fire")); got != Internal {
		t.Errorf("KindOf = %v, want internal", got)
	}
}

func TestWrapKeepsTheKind(t *testing.T) {
	work := func() (err error) {
		defer Wrap(&err, "work on %s", "42")
		return New(Conflict, "once.differs")
	}
	err := work()
	if !Is(err, Conflict) {
		t.Errorf("kind = %v, want conflict", KindOf(err))
	}
	if got, want := err.Error(), "work on 42: conflict once.differs"; got != want {
		t.Errorf("error = %q, want %q", got, want)
	}
}

func TestFormKeepsTheFirstFaultOfEachFieldInOrder(t *testing.T) {
	var f Form
	if f.Err() != nil {
		t.Fatal("an untouched form has no fault")
	}
	f.Check(true, "slug", "never")
	f.Add("name", "name.missing")
	f.Add("day", "day.unreadable", "typed", "31/31")
	f.Add("name", "name.long")
	got := Fields(f.Err())
	if len(got) != 2 || got[0].Message.Key != "name.missing" || got[1].Message.Args["typed"] != "31/31" {
		t.Errorf("fields = %+v", got)
	}
	if !Is(f.Err(), Invalid) {
		t.Error("a form's fault is invalid")
	}
}

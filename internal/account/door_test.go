package account

import (
	"context"
	"testing"

	"commonweal/internal/access"
)

func TestTheDemoDoorOpensOnlyWhereEverythingIsInvented(t *testing.T) {
	h := one(t)
	h.resident("ana", "ana@example.org")
	invented := false
	door := OpenDoor(h.Service, func(context.Context) (bool, error) { return invented, nil })
	_, err := door.SignInAs(t.Context(), access.Actor{}, "ana", "")
	h.wantGone("among real people", err)
	invented = true
	session, err := door.SignInAs(t.Context(), access.Actor{}, "ana", "")
	h.must(err)
	h.wantAccount("among invented people", session, "ana")
	_, err = door.SignInAs(t.Context(), access.Actor{}, "nobody", "")
	h.wantGone("as nobody", err)
	again, err := door.SignInAs(t.Context(), h.actor(session), "ana", "")
	h.must(err)
	h.wantVisitor("the token before", session)
	h.wantAccount("the token after", again, "ana")
}

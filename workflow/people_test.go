package workflow

import (
	"context"
	"testing"

	"docket/repository/fault"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

func TestPeople(t *testing.T) {
	h := open(t)
	var admin User
	h.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		if admin, err = h.people.Add(ctx, tx, "system:setup", User{Name: " Admin ", Roles: []Role{Administrator}}, "correct horse"); err != nil {
			return err
		}
		_, err = h.people.AddDemoUsers(ctx, tx, "demo password")
		return err
	})
	got, err := h.people.Authenticate(t.Context(), h.Pool, "ADMIN", "correct horse")
	if diff := cmp.Diff(admin, got); err != nil || diff != "" {
		t.Errorf("signed in (-want +got), %v:\n%s", err, diff)
	}
	for name, password := range map[string]string{"admin": "wrong horse", "nobody": "correct horse", "anna": "", "": ""} {
		if _, err := h.people.Authenticate(t.Context(), h.Pool, name, password); !fault.Is(err, fault.Denied) {
			t.Errorf("%q signed in with %q: %v", name, password, err)
		}
	}
	anna, err := h.people.UserByName(t.Context(), h.Pool, "Anna")
	if err != nil {
		t.Fatal(err)
	}
	want := taxonomy.Reader{Tokens: []string{"everyone", "user:anna", "role:agent", "team:complaints", "team:service"}}
	if diff := cmp.Diff(want, anna.Reader()); diff != "" {
		t.Errorf("reader (-want +got):\n%s", diff)
	}
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if err := h.people.SetPassword(ctx, tx, "admin", anna.ID, "another password"); err != nil {
			return err
		}
		made, err := h.people.AddDemoUsers(ctx, tx, "demo password")
		if len(made) != 0 {
			t.Errorf("demo users were made again: %+v", made)
		}
		return err
	})
	if _, err := h.people.Authenticate(t.Context(), h.Pool, "anna", "another password"); err != nil {
		t.Errorf("the new password is refused: %v", err)
	}
	h.amend("anna", Amendment{Active: new(false)})
	if _, err := h.people.Authenticate(t.Context(), h.Pool, "anna", "another password"); !fault.Is(err, fault.Denied) {
		t.Errorf("a deactivated user signed in: %v", err)
	}
	if _, err := h.people.User(t.Context(), h.Pool, anna.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a deactivated user is still there: %v", err)
	}
	events, err := journal.BySubject(t.Context(), h.Pool, anna.ID, 0)
	if err != nil || len(events) != 3 {
		t.Errorf("the journal has %d events about anna, %v", len(events), err)
	}
}

func TestPeopleAreCheckedBeforeTheyAreSaved(t *testing.T) {
	h := open(t)
	add := func(u User, password string) error {
		return h.Try(func(ctx context.Context, tx pgx.Tx) error {
			_, err := h.people.Add(ctx, tx, "admin", u, password)
			return err
		})
	}
	roles := []Role{Administrator}
	if err := add(User{Name: "admin", Roles: roles}, "long enough"); err != nil {
		t.Fatal(err)
	}
	if err := add(User{Name: "Admin", Roles: roles}, "long enough"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a taken name: %v", err)
	}
	for name, u := range map[string]User{
		"no name": {Roles: roles}, "space in the name": {Name: "a b", Roles: roles}, "no role": {Name: "x"}, "unknown role": {Name: "x", Roles: []Role{"king"}},
	} {
		if err := add(u, "long enough"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := add(User{Name: "x", Roles: roles}, "short"); !fault.Is(err, fault.Invalid) {
		t.Errorf("a short password: %v", err)
	}
	admin, err := h.people.UserByName(t.Context(), h.Pool, "admin")
	if err != nil {
		t.Fatal(err)
	}
	err = h.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.people.Amend(ctx, tx, "admin", admin.Name, Amendment{Active: new(false)})
		return err
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("the last administrator was deactivated: %v", err)
	}
	err = h.Try(func(ctx context.Context, tx pgx.Tx) error {
		return h.people.SetPassword(ctx, tx, "admin", uuid.Must(uuid.NewV7()), "long enough")
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a password for nobody: %v", err)
	}
}

func (h *house) amend(name string, a Amendment) User {
	h.Helper()
	var u User
	h.Tx(func(ctx context.Context, tx pgx.Tx) (err error) {
		u, err = h.people.Amend(ctx, tx, "admin", name, a)
		return err
	})
	return u
}

// What an amendment does not name stays as it is, and one that changes nothing is no event.
func TestAmend(t *testing.T) {
	h := open(t)
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		if _, err := h.people.Add(ctx, tx, "system:setup", User{Name: "admin", Roles: []Role{Administrator}}, "correct horse"); err != nil {
			return err
		}
		_, err := h.people.AddDemoUsers(ctx, tx, "demo password")
		return err
	})
	before, err := h.people.UserByName(t.Context(), h.Pool, "anna")
	if err != nil {
		t.Fatal(err)
	}
	want := before
	want.Roles, want.Active = []Role{Mailroom, RecordsManager}, false
	if diff := cmp.Diff(want, h.amend(" Anna", Amendment{Roles: want.Roles, Active: new(false)})); diff != "" {
		t.Errorf("amended (-want +got):\n%s", diff)
	}
	h.amend("anna", Amendment{})
	if _, err := h.people.Authenticate(t.Context(), h.Pool, "anna", "demo password"); !fault.Is(err, fault.Denied) {
		t.Errorf("signed in: %v", err)
	}
	h.amend("anna", Amendment{Active: new(true), Password: "another password"})
	if _, err := h.people.Authenticate(t.Context(), h.Pool, "anna", "another password"); err != nil {
		t.Errorf("active again: %v", err)
	}
	events, err := journal.BySubject(t.Context(), h.Pool, before.ID, 0)
	if err != nil || len(events) != 4 {
		t.Errorf("%d events, want added, changed, changed and a password, %v", len(events), err)
	}
	err = h.Try(func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.people.Amend(ctx, tx, "admin", "nobody", Amendment{Active: new(true)})
		return err
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("nobody was amended: %v", err)
	}
}

package main

import (
	"context"
	"net/http"
)

// notes are what an agent writes for colleagues.
var notes = []string{
	"Called the depot: the parcel was scanned on Monday and not since. They look for it until tomorrow noon.",
	"The amount agrees with the invoice. Approval needed above 500 EUR.",
}

// ticket is what of a ticket the gallery needs to know.
type ticket struct {
	Number  string
	Version int
}

// work does what agents do on a morning: some tickets are taken, some begun, and notes are written.
func (h *house) work(ctx context.Context) error {
	var list struct{ Tickets []ticket }
	if err := h.call(ctx, "anna", http.MethodGet, "/tickets?limit=60", struct{}{}, &list); err != nil {
		return err
	}
	for i, t := range list.Tickets {
		owner := []string{"anna", "piotr", "", "anna", ""}[i%5]
		if owner == "" {
			continue
		}
		if err := h.call(ctx, "anna", http.MethodPost, "/tickets/"+t.Number+"/assign", map[string]any{"owner": owner, "team": "complaints"}, nil); err != nil {
			return err
		}
		if i%2 == 0 {
			if err := h.begin(ctx, owner, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin starts work on a ticket and leaves a note with it.
func (h *house) begin(ctx context.Context, owner string, t ticket) error {
	if err := h.call(ctx, owner, http.MethodPost, "/tickets/"+t.Number+"/transitions", map[string]any{"name": "start"}, nil); err != nil {
		return err
	}
	note := notes[t.Version%len(notes)]
	return h.call(ctx, owner, http.MethodPost, "/tickets/"+t.Number+"/notes", map[string]any{"text": note}, nil)
}

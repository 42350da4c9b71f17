package workflow

import (
	"context"
	"testing"

	"docket/repository"
	"docket/repository/journal"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// document makes an empty document.
func (h *house) document() repository.DocumentID {
	h.Helper()
	id := repository.NewDocumentID()
	h.Exec("insert into repository.document (id, created_by) values ($1, 'test')", id)
	return id
}

// filePart files a document as of a class, attached to a message unless that is its zero ID.
func (h *house) filePart(id, message repository.DocumentID, class taxonomy.ClassID) {
	h.Helper()
	h.Tx(func(ctx context.Context, tx pgx.Tx) error {
		_, err := h.plan.File(ctx, tx, "system:capture", taxonomy.Filing{Document: id, Class: class, Confidence: 0.95, Received: now, PartOf: message})
		return err
	})
}

func (h *house) numbers(ids ...repository.DocumentID) (numbers []string) {
	h.Helper()
	known, err := h.desk.ByDocuments(h.Context(), h.Pool, ids)
	if err != nil {
		h.Fatal(err)
	}
	for _, id := range ids {
		numbers = append(numbers, known[id].Number)
	}
	return numbers
}

// Whichever is filed first, what was attached to a message ends on the message's ticket and opens none of its own.
func TestPartsBelongToTheirMessagesTicket(t *testing.T) {
	h := open(t)
	message, early, late := h.document(), h.document(), h.document()
	h.filePart(early, message, taxonomy.Complaint)
	if got := h.numbers(early); got[0] != "" {
		t.Errorf("the part did not wait for its message: %s", got[0])
	}
	h.filePart(message, repository.DocumentID{}, taxonomy.Complaint)
	h.filePart(late, message, taxonomy.Invoice)
	got := h.numbers(message, early, late)
	if got[0] == "" || got[1] != got[0] || got[2] != got[0] {
		t.Errorf("tickets of message, early and late part: %v", got)
	}
}

// A covering message without a process leaves its attachments to speak for themselves.
func TestPartsOfAMessageWithoutTicketSpeakForThemselves(t *testing.T) {
	h := open(t)
	message, early, late := h.document(), h.document(), h.document()
	h.filePart(early, message, taxonomy.Complaint)
	h.filePart(message, repository.DocumentID{}, taxonomy.Contract)
	h.filePart(late, message, taxonomy.Claim)
	got := h.numbers(message, early, late)
	if got[0] != "" || got[1] == "" || got[2] == "" || got[1] == got[2] {
		t.Errorf("tickets of message, early and late part: %v", got)
	}
}

// What lies in a container that was attached to a message waits for the message too, and joins its ticket.
func TestPartsOfAContainerBelongToTheMessagesTicket(t *testing.T) {
	h := open(t)
	message, container, early, late := h.document(), h.document(), h.document(), h.document()
	h.filePart(container, message, taxonomy.Container)
	h.filePart(early, container, taxonomy.Complaint)
	if got := h.numbers(early); got[0] != "" {
		t.Errorf("the part did not wait for the message: %s", got[0])
	}
	h.filePart(message, repository.DocumentID{}, taxonomy.Complaint)
	h.filePart(late, container, taxonomy.Invoice)
	got := h.numbers(message, container, early, late)
	if got[0] == "" || got[1] != got[0] || got[2] != got[0] || got[3] != got[0] {
		t.Errorf("tickets of message, container, early and late part: %v", got)
	}
}

// When a message is rejected, nobody is asked about it any more, and a part that stayed a record speaks for itself.
func TestPartsOfARejectedMessageSpeakForThemselves(t *testing.T) {
	h := open(t)
	message, part := h.document(), h.document()
	h.filePart(part, message, taxonomy.Complaint)
	say := func(verb journal.Verb) {
		h.Tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := h.desk.journal.Append(ctx, tx, journal.Event{Actor: "mia", Verb: verb, Subject: repository.Subject(message)})
			return err
		})
	}
	say(documentUnsure)
	say(pieceRejected)
	if got := h.numbers(part); got[0] == "" {
		t.Error("the part has no ticket")
	}
	if left := h.tasks(TaskFilter{}); len(left) != 0 {
		t.Errorf("tasks are left: %+v", left)
	}
}

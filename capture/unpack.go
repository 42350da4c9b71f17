package capture

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"docket/capture/page"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/say"
)

// Limits of what one piece may bring with it.
const (
	maxDepth  = 5        // archives in messages in archives ...
	maxInside = 5000     // pieces under one root
	tinyImage = 20 << 10 // bytes: inline images below this are logos and signatures, not evidence
)

// An unpacker hands the parts of one piece in at the door, as pieces of their own.
type unpacker struct {
	intake *Intake
	parent Piece
	origin string // what all its parts are called, before their number
	inside int    // pieces under the root so far
	parts  int    // handed in, in order: the origin of each
	lost   bool
}

func (in *Intake) unpacker(ctx context.Context, parent Piece, version int) (*unpacker, error) {
	u := &unpacker{intake: in, parent: parent, origin: parent.Receipt.String()}
	if version > 1 { // a later version brings parts of its own
		u.origin = fmt.Sprintf("%s/v%d", parent.Receipt, version)
	}
	err := in.Pool.QueryRow(ctx, "select count(*) from capture.piece where root = $1 and parent is distinct from $2 and depth > 0",
		parent.Root, parent.Receipt).Scan(&u.inside)
	return u, err
}

// take hands one part in. Parts over the limits are left inside their piece, which is then flagged incomplete: its bytes are
// kept whole, so nothing is lost.
func (u *unpacker) take(ctx context.Context, part page.Part) error {
	u.parts++
	if u.parent.Depth+1 > maxDepth || u.inside+u.parts > maxInside {
		u.lost = true
		return nil
	}
	body := bufio.NewReaderSize(part.Body, tinyImage)
	if part.Inline {
		if head, err := body.Peek(tinyImage); errors.Is(err, io.EOF) && len(head) < tinyImage {
			return nil
		}
	}
	name := part.Name
	if name == "" {
		name = say.Text("part %d of %s", u.parts, u.parent.Name)
	}
	_, err := u.intake.Receive(ctx, Item{
		Source:     u.parent.Source,
		Origin:     fmt.Sprintf("%s/%d", u.origin, u.parts),
		Name:       name,
		By:         journal.System("unpack"),
		Batch:      u.parent.Batch,
		ReceivedAt: u.parent.ReceivedAt,
		Parent:     &u.parent,
		Content:    body,
	})
	if fault.Is(err, fault.TooLarge) || fault.Is(err, fault.Invalid) { // a bomb, or a damaged member: the rest may be sound
		u.lost = true
		return nil
	}
	return err
}

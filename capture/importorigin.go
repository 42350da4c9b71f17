package capture

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// ImportProtocol is the protocol of deliveries that were imported. Their messages are old: nothing is acknowledged, and today's keys do
// not say who sent them.
const ImportProtocol = "import"

// ArchiveProtocol is that of messages that were imported as an archive: they were settled elsewhere. They are kept and found, and
// nothing follows from them.
const ArchiveProtocol = "archive"

// importMark is how many bytes of a message tell it from others that lay in its place before: a mailbox may be written anew.
const importMark = 16 << 10

// importOrigin is what an import calls a message: where it lies, and what stands there. A path of any length is cut to its end.
func importOrigin(name string, at int64, head []byte) string {
	place := cleanName(name)
	if len(name) > maxName/2 {
		place = fmt.Sprintf("…%s %x", cleanName(name[len(name)-maxName/2:]), sha256.Sum256([]byte(name)))
	}
	sum := sha256.Sum256(head)
	return fmt.Sprintf("import:%s#%d/%x", place, at, sum[:8])
}

// importOrigins are the messages that were brought in before, by the beginning of a digest of their origin: of a million, 32 MB.
type importOrigins map[[16]byte]struct{}

func originKey(origin string) [16]byte {
	sum := sha256.Sum256([]byte(origin))
	return [16]byte(sum[:16])
}

func (o importOrigins) has(origin string) bool {
	_, ok := o[originKey(origin)]
	return ok
}

// loadOrigins asks once for all that a source has imported.
func loadOrigins(ctx context.Context, q postgres.Querier, source string) (importOrigins, error) {
	rows, err := q.Query(ctx, "select origin from capture.piece where source = $1 and origin like 'import:%'", source)
	if err != nil {
		return nil, postgres.Unavailable(err)
	}
	known := importOrigins{}
	var origin string
	_, err = pgx.ForEachRow(rows, []any{&origin}, func() error {
		known[originKey(origin)] = struct{}{}
		return nil
	})
	return known, postgres.Unavailable(err)
}

// readUpTo reads on behind what was read of r before, until it has so many bytes in all or r ends.
func readUpTo(r io.Reader, before []byte, most int) ([]byte, error) {
	for len(before) < most {
		if len(before) == cap(before) {
			bigger := make([]byte, len(before), min(most, max(4<<10, 2*cap(before))))
			copy(bigger, before)
			before = bigger
		}
		n, err := r.Read(before[len(before):min(cap(before), most)])
		before = before[:len(before)+n]
		if errors.Is(err, io.EOF) {
			return before, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return before, nil
}

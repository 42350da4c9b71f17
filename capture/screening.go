package capture

import (
	"context"
	"fmt"
	"slices"
	"time"

	"docket/repository"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
)

// A ScreeningVerdict is how far the check of a version for viruses has come.
type ScreeningVerdict string

// The verdicts. A version that was never to be checked has none.
const (
	ScreenPending   ScreeningVerdict = "pending"   // the scanner has not said anything yet
	ScreenClean     ScreeningVerdict = "clean"     // it found nothing
	ScreenInfected  ScreeningVerdict = "infected"  // it found something
	ScreenOversize  ScreeningVerdict = "oversize"  // too large for it
	ScreenReleased  ScreeningVerdict = "released"  // held, until somebody took it upon them
	ScreenUnchecked ScreeningVerdict = "unchecked" // it waited when the house did away with its scanner
)

// The verbs of the check for viruses. The subject is the document, the detail has the version and the engine.
const (
	DocumentClean    journal.Verb = "document.clean"
	DocumentInfected journal.Verb = "document.infected"
	DocumentOversize journal.Verb = "document.oversize"
	DocumentReleased journal.Verb = "document.released" // by whom, with a reason
)

// A Screening is what the virus scanner said of one version (rule 42). The zero Screening is that of a version that was not to be checked.
type Screening struct {
	Document repository.DocumentID
	Version  int
	Verdict  ScreeningVerdict
	Inside   bool      // of a message that is infected or too large: its own words are clean, and may be read
	Found    string    // the name of the signature
	Engine   string    // "ClamAV 1.4.6/27465"
	Built    time.Time // when its signatures were made; zero when it did not say
	At       time.Time // since when it waits, or when this was said
	Tries    int       // how often the scanner was asked in vain
	Trouble  string    // a sentence
	By       journal.Actor
	Reason   string
}

// Open says whether the version's bytes may be handed out.
func (s Screening) Open() bool {
	return s.Verdict == "" || s.Verdict == ScreenClean || s.Verdict == ScreenReleased || s.Verdict == ScreenUnchecked
}

// Unknown says whether nobody knows yet what is in the version.
func (s Screening) Unknown() bool {
	return s.Verdict == "" || s.Verdict == ScreenPending || s.Verdict == ScreenUnchecked
}

// Stopped says whether the version is held until a person does something.
func (s Screening) Stopped() bool { return s.Verdict == ScreenInfected || s.Verdict == ScreenOversize }

// Hand is nil when the version's bytes may be handed out, and else a fault that says why not: of kind Unavailable while it is being
// checked, Denied when it is held.
func (s Screening) Hand() error {
	switch {
	case s.Open():
		return nil
	case s.Verdict == ScreenInfected && s.Inside:
		return fault.New(fault.Denied, "What came with this message contains %s. The message can be read; the file as it came is kept and given to nobody.", s.Found)
	case s.Verdict == ScreenInfected:
		return fault.New(fault.Denied, "It contains %s. It is kept and not opened; ask your administrator.", s.Found)
	case s.Verdict == ScreenOversize && s.Inside:
		return fault.New(fault.Denied, "This message is too large for the virus scanner. Its words can be read, and what came with it was checked piece by piece; the file as it came is given to nobody until somebody releases it.")
	case s.Verdict == ScreenOversize:
		return fault.New(fault.Denied, "It is too large for the virus scanner, so nobody knows whether it is safe. It is kept and not opened until somebody releases it.")
	}
	return fault.New(fault.Unavailable, "It is still being checked for viruses. Please try again in a moment.")
}

// Show is Hand for what was made of the version: its pages, its text, the words of a message.
func (s Screening) Show() error {
	if s.Stopped() && s.Inside {
		return nil
	}
	return s.Hand()
}

const screeningColumns = "document, version, verdict, inside, found, engine, coalesce(built, '0001-01-01 00:00:00+00'), at, tries, trouble, by, reason"

func findScreenings(ctx context.Context, q postgres.Querier, where string, args ...any) ([]Screening, error) {
	rows, err := q.Query(ctx, "select "+screeningColumns+" from capture.screening where "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("checks for viruses: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Screening])
}

// FindScreening gives what the scanner said of a version; zero when it was not to be checked.
func FindScreening(ctx context.Context, q postgres.Querier, id repository.DocumentID, version int) (s Screening, err error) {
	all, err := findScreenings(ctx, q, "document = $1 and version = $2", id, version)
	if err == nil && len(all) > 0 {
		s = all[0]
	}
	return s, err
}

// Screenings gives what the scanner said of all versions of a document, the first first.
func Screenings(ctx context.Context, q postgres.Querier, id repository.DocumentID) ([]Screening, error) {
	return findScreenings(ctx, q, "document = $1 order by version", id)
}

// MayHandOut is nil when the newest versions of all these documents may be handed out, and else why one of them may not.
func MayHandOut(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) error {
	if len(ids) == 0 {
		return nil
	}
	all, err := findScreenings(ctx, q, "document = any($1) and version = (select latest from repository.document d where d.id = document) order by document", ids)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(all, func(s Screening) bool { return !s.Open() }); i >= 0 {
		return all[i].Hand()
	}
	return nil
}

// Hidden are those of some documents of whose newest version nothing is shown, neither pages nor text, in one query.
func Hidden(ctx context.Context, q postgres.Querier, ids []repository.DocumentID) (map[repository.DocumentID]bool, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	all, err := findScreenings(ctx, q, "document = any($1) and version = (select latest from repository.document d where d.id = document) and verdict not in ('clean', 'released', 'unchecked')", ids)
	hidden := map[repository.DocumentID]bool{}
	for _, s := range all {
		hidden[s.Document] = s.Show() != nil
	}
	return hidden, err
}

// HeldLater gives pieces that were decided before the scanner held the newest version of their document: a later one, or one that was
// stored before there was a scanner. No exception tells of them. The newest come first.
func HeldLater(ctx context.Context, q postgres.Querier, limit int) ([]Piece, error) {
	return pieces(ctx, q, `state in ('waiting', 'filed') and document in (select s.document from capture.screening s
		join repository.document d on d.id = s.document and d.latest = s.version where s.verdict in ('infected', 'oversize') and not s.inside)
		order by seq desc limit $1`, limit)
}

// Unscreened gives documents behind one of which some version was never checked, in the order of their IDs.
func Unscreened(ctx context.Context, q postgres.Querier, after repository.DocumentID, limit int) ([]repository.DocumentID, error) {
	rows, err := q.Query(ctx, `select distinct v.document from repository.version v
		left join capture.screening s on s.document = v.document and s.version = v.number
		where v.document > $1 and coalesce(s.verdict, 'unchecked') = 'unchecked' order by v.document limit $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("documents that were not checked: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[repository.DocumentID])
}

// Unanswered is how many versions the scanner was asked about in vain, since when the first of them waits, and what was wrong last.
type Unanswered struct {
	Versions int
	Since    time.Time // zero when there is none
	Trouble  string
}

// FindUnanswered counts the versions that wait because the scanner did not answer.
func FindUnanswered(ctx context.Context, q postgres.Querier) (u Unanswered, err error) {
	err = q.QueryRow(ctx, `select count(*), coalesce(min(at), '0001-01-01 00:00:00+00'), coalesce(max(trouble), '') from capture.screening
		where verdict = 'pending' and trouble <> ''`).Scan(&u.Versions, &u.Since, &u.Trouble)
	return u, postgres.Unavailable(err)
}

package transfer

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// Bounds of what one document may hold, so that a bag from elsewhere cannot exhaust this house.
const (
	maxVersions = 10_000
	maxPages    = 100_000
	maxText     = 1 << 30 // bytes of one version's text file
	maxName     = 1000    // bytes
)

// checkLines refuses lines that are wrong in themselves, come twice, or need classes that this house does not have, before
// anything is imported. It names the first of them.
func checkLines(lines iter.Seq2[Line, error], c *taxonomy.Catalogue) error {
	seen := map[repository.DocumentID]bool{}
	unknown := map[taxonomy.ClassID]int{}
	for l, err := range lines {
		if err != nil {
			return err
		}
		if err := l.check(); err != nil {
			return fault.Wrap(err, fault.Invalid, "The bag was refused: document %s: %v.", l.Document, err)
		}
		if seen[l.Document] {
			return fault.New(fault.Invalid, "The bag was refused: document %s is in it twice.", l.Document)
		}
		seen[l.Document] = true
		if l.Record != nil && c.Known(l.Record.Class) != nil {
			unknown[l.Record.Class]++
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	var classes []string
	for id, n := range unknown {
		classes = append(classes, fmt.Sprintf("%s (%d documents)", id, n))
	}
	slices.Sort(classes)
	return fault.New(fault.Invalid, "The bag was refused: it holds documents of classes that are not defined here: %s. Define them first; %s says what they were.",
		strings.Join(classes, ", "), definitionsFile)
}

// check says what is wrong with a line.
func (l *Line) check() error {
	if err := given("ID", l.Document); err != nil {
		return err
	}
	if len(l.Versions) == 0 || len(l.Versions) > maxVersions {
		return fmt.Errorf("it has %d versions", len(l.Versions))
	}
	for i, v := range l.Versions {
		if err := l.checkVersion(i+1, v); err != nil {
			return fmt.Errorf("version %d: %w", i+1, err)
		}
	}
	if err := l.checkAnnotations(); err != nil {
		return err
	}
	for _, p := range l.Intake {
		if err := given("receipt", p.Receipt); err != nil {
			return err
		}
		if p.Depth < 0 || !slices.Contains(capture.States, p.State) {
			return fmt.Errorf("its piece is in no known state: %.40q", p.State)
		}
	}
	if l.Reading != nil && (l.Reading.Version < 1 || l.Reading.Version > len(l.Versions) || l.Reading.Pages < 0 || l.Reading.Pages > maxPages) {
		return errors.New("its reading is of no version of it")
	}
	return l.checkRecord()
}

func (l *Line) checkRecord() error {
	r := l.Record
	if r == nil {
		return nil
	}
	switch {
	case r.Confidence < 0 || r.Confidence > 1:
		return errors.New("the confidence of its class is not between 0 and 1")
	case r.Title == "" || len(r.Title) > 4*maxName || len(r.Folder) > 4*maxName:
		return errors.New("its title or folder is missing or too long")
	case r.PartOf == l.Document:
		return errors.New("it is a part of itself")
	}
	if _, err := time.Parse(time.DateOnly, r.LetterDate); r.LetterDate != "" && err != nil {
		return fmt.Errorf("%.40q is no date", r.LetterDate)
	}
	if r.Party == nil {
		return nil
	}
	if r.Party.Kind != taxonomy.Person && r.Party.Kind != taxonomy.Organisation {
		return fmt.Errorf("its party is neither person nor organisation but %.40q", r.Party.Kind)
	}
	return given("party's ID", r.Party.ID)
}

// mediaTypes are what renditions may be. Nothing else is shown to anybody in a browser as a page.
var mediaTypes = map[repository.RenditionKind][]string{
	repository.PageImage: {"image/jpeg", "image/png"}, repository.Thumbnail: {"image/jpeg"},
	repository.PageLayout: {"application/json"}, repository.SearchablePDF: {"application/pdf"},
}

func (l *Line) checkVersion(number int, v Version) error {
	folder := "data/documents/" + l.Document.String() + "/v" + fmt.Sprint(number)
	switch {
	case v.Number != number:
		return fmt.Errorf("it is numbered %d", v.Number)
	case len(v.Name) > maxName:
		return errors.New("its name is too long")
	case v.File == nil && v.Problem == "":
		return errors.New("it has no file, and does not say why")
	}
	for _, f := range []*File{v.File, v.Text} {
		if f != nil && (!strings.HasPrefix(f.Path, folder+"/") && !strings.HasPrefix(f.Path, folder+".") || f.Size < 0) {
			return fmt.Errorf("its file %.200q does not lie with it", f.Path)
		}
	}
	for _, r := range v.Renditions {
		if !strings.HasPrefix(r.Path, folder+".") || !slices.Contains(mediaTypes[r.Kind], r.MediaType) || r.Page < 0 || r.Page > maxPages ||
			r.Width < 0 || r.Height < 0 || r.Width > 1<<20 || r.Height > 1<<20 {
			return fmt.Errorf("its rendition %.200q is none that is known", r.Path)
		}
	}
	return nil
}

func given(what string, id uuid.UUID) error {
	if id == uuid.Nil {
		return fmt.Errorf("its %s is missing", what)
	}
	return nil
}

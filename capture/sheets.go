package capture

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"docket/capture/page"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/singleflight"
)

// Sheets are the pages of documents as people look at them. Of a long PDF that holds its text only the first pages are drawn
// when it is read; the others, and a finer picture for who looks closely, are drawn when somebody asks for them, and kept as
// renditions. So are the pages of files that have none, such as messages, on which their text was set. It is safe for concurrent use.
type Sheets struct {
	Pool    *pgxpool.Pool
	Store   *repository.Store
	Pages   *page.Reader // nil draws no PDF: only what is kept of them is given
	TempDir string

	drawing singleflight.Group
	fetched fetched
}

// fineness is how many pixels of a fine image stand in the place of one of the page image, across and down.
const fineness = 2

// mostFine is the most pixels of a page image that is drawn finer: about four sheets of A3.
const mostFine = 10_000_000

// drawLimit bounds the drawing of one page, which goes on when the one who asked has left: another may want it.
const drawLimit = 30 * time.Second

// Rendition gives what was made of a page, and makes it when it can be drawn. What is not there and cannot be drawn is a fault
// of kind NotFound.
func (s *Sheets) Rendition(ctx context.Context, v repository.Version, kind repository.RenditionKind, number int) (repository.Rendition, error) {
	r, err := s.Store.Rendition(ctx, s.Pool, v.Document, v.Number, kind, number)
	if !fault.Is(err, fault.NotFound) || !pictures[kind] {
		return r, err
	}
	missing := err
	layout, err := s.Store.Layout(ctx, s.Pool, v.Document, v.Number, number)
	if fault.Is(err, fault.NotFound) || err == nil && !s.draws(v, layout, kind) {
		return repository.Rendition{}, missing
	}
	if err != nil {
		return repository.Rendition{}, err
	}
	fine := kind == repository.FineImage
	made, err, _ := s.drawing.Do(fmt.Sprint(v.Document, v.Number, number, fine), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drawLimit)
		defer cancel()
		return s.draw(ctx, v, layout, fine)
	})
	if err != nil {
		return repository.Rendition{}, err
	}
	return made.(map[repository.RenditionKind]repository.Rendition)[kind], nil
}

// DrawsAnew says whether pages of a media type can be drawn at any size.
func DrawsAnew(mediaType string) bool { return mediaType == "application/pdf" }

// pictures are the kinds of renditions that can be drawn.
var pictures = map[repository.RenditionKind]bool{repository.PageImage: true, repository.Thumbnail: true, repository.FineImage: true}

// draws says whether a picture of a kind can be made of a page.
func (s *Sheets) draws(v repository.Version, l repository.Layout, kind repository.RenditionKind) bool {
	if l.Set {
		return kind != repository.FineImage
	}
	return s.Pages != nil && DrawsAnew(v.MediaType) && drawable(l, kind)
}

// drawable says whether a page looks as the PDF draws it, and is not so large that a finer picture would be too much. What was
// recognised is kept as it was straightened, and has its words there.
func drawable(l repository.Layout, kind repository.RenditionKind) bool {
	return l.Source == "text" && (kind != repository.FineImage || l.Width*l.Height <= mostFine)
}

// draw makes and keeps the page image and its thumbnail, or the fine image.
func (s *Sheets) draw(ctx context.Context, v repository.Version, l repository.Layout, fine bool) (map[repository.RenditionKind]repository.Rendition, error) {
	if l.Set {
		image, thumb, err := page.DrawSet(l)
		if err != nil {
			return nil, err
		}
		return s.keep(ctx, v, l.Page, []drawn{{repository.PageImage, "image/png", image, l.Width, l.Height}, {repository.Thumbnail, "image/jpeg", thumb, 0, 0}})
	}
	file, release, err := s.fetched.take(fmt.Sprint(v.Document, v.Number), func() (string, error) { return fetch(ctx, s.Store, v, s.TempDir) })
	defer release()
	if err != nil {
		return nil, err
	}
	size := 1
	if fine {
		size = fineness
	}
	image, thumb, err := s.Pages.Picture(ctx, file, l.Page, size*l.Width, size*l.Height)
	if err != nil {
		return nil, err
	}
	made := []drawn{{repository.PageImage, "image/jpeg", image, l.Width, l.Height}, {repository.Thumbnail, "image/jpeg", thumb, 0, 0}}
	if fine {
		made = []drawn{{repository.FineImage, "image/jpeg", image, size * l.Width, size * l.Height}}
	}
	return s.keep(ctx, v, l.Page, made)
}

// drawn is a picture of a page, its size in pixels where that is kept.
type drawn struct {
	kind      repository.RenditionKind
	mediaType string
	bytes     []byte
	w, h      int
}

func (s *Sheets) keep(ctx context.Context, v repository.Version, number int, made []drawn) (map[repository.RenditionKind]repository.Rendition, error) {
	kept := map[repository.RenditionKind]repository.Rendition{}
	var all []repository.Rendition
	for _, d := range made {
		r, err := s.Store.PutRendition(ctx, v.Document, v.Number, d.kind, number, d.mediaType, bytes.NewReader(d.bytes))
		if err != nil {
			return nil, err
		}
		r.Width, r.Height = d.w, d.h
		kept[d.kind], all = r, append(all, r)
	}
	return kept, postgres.InTx(ctx, s.Pool, func(tx pgx.Tx) error { return s.Store.AddRenditions(ctx, tx, all) })
}

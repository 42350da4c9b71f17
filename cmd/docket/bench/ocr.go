package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"docket/capture/tesseract"
	"docket/repository/fault"

	"golang.org/x/sync/errgroup"
)

// An OCRPage is how one image was read.
type OCRPage struct {
	File       string  `json:"file"`
	Language   string  `json:"language"`
	Confidence float64 `json:"confidence"`
	Seconds    float64 `json:"seconds"` // with the wait for a free process
	WordError  float64 `json:"word_error"`
	CharError  float64 `json:"char_error"`
	WordRecall float64 `json:"word_recall"`
	Error      string  `json:"error,omitempty"`

	score score
}

// An OCRReport is how the images of a folder were read. Rates are over all words, not means of pages.
type OCRReport struct {
	Images         int       `json:"images"`
	Failed         int       `json:"failed"`
	Words          int       `json:"words"`
	WordError      float64   `json:"word_error"`  // Levenshtein distance over words of the truth
	CharError      float64   `json:"char_error"`  // the same over characters
	WordRecall     float64   `json:"word_recall"` // share of the truth's words that were read, wherever they stand, as a search compares them
	Seconds        float64   `json:"seconds"`
	PagesPerMinute float64   `json:"pages_per_minute"`
	Processes      int       `json:"processes"`
	Pages          []OCRPage `json:"pages"`
}

// OCR reads every image below dir that has its truth beside it: name.gt.txt for name.png (or name.scan.jpg), or, in the
// layout of the FUNSD collection, annotations/name.json for images/name.png. The language is found by the machine. now is the clock.
func OCR(ctx context.Context, dir string, now func() time.Time) (*OCRReport, error) {
	images, err := imagesWithTruth(dir)
	if err != nil {
		return nil, err
	}
	if len(images) == 0 {
		return nil, fault.New(fault.Invalid, "There is no image with a .gt.txt or an annotation in %s.", dir)
	}
	pool, err := tesseract.New(tesseract.Config{})
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	if _, err := pool.Languages(ctx); err != nil { // starts a process, so that its start is not measured
		return nil, err
	}
	r := &OCRReport{Images: len(images), Processes: pool.Children(), Pages: make([]OCRPage, len(images))}
	start := now()
	var g errgroup.Group
	g.SetLimit(pool.Children())
	for i, im := range images {
		g.Go(func() error {
			began := now()
			r.Pages[i] = readImage(ctx, pool, dir, im)
			r.Pages[i].Seconds = now().Sub(began).Seconds()
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	r.sum(now().Sub(start))
	return r, nil
}

type truthImage struct{ file, truth string }

func readImage(ctx context.Context, pool *tesseract.Pool, dir string, im truthImage) OCRPage {
	name, err := filepath.Rel(dir, im.file)
	if err != nil {
		name = im.file
	}
	p := OCRPage{File: name}
	result, err := pool.Recognise(ctx, tesseract.Page{File: im.file})
	if err != nil {
		p.Error = err.Error()
	}
	p.Language, p.Confidence = result.Layout.Language, result.Layout.Confidence
	p.score = compare(im.truth, result.Layout.Text())
	p.WordError = share(p.score.WordErrors, p.score.Words)
	p.CharError = share(p.score.CharErrors, p.score.Chars)
	p.WordRecall = share(p.score.Found, p.score.Sought)
	return p
}

func (r *OCRReport) sum(took time.Duration) {
	var all score
	for _, p := range r.Pages {
		all.add(p.score)
		if p.Error != "" {
			r.Failed++
		}
	}
	r.Words = all.Words
	r.WordError, r.CharError = share(all.WordErrors, all.Words), share(all.CharErrors, all.Chars)
	r.WordRecall = share(all.Found, all.Sought)
	r.Seconds = took.Seconds()
	r.PagesPerMinute = float64(len(r.Pages)) / took.Minutes()
}

// Table prints one line for each image and the sum.
func (r *OCRReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "image\tlanguage\tconfidence\tword error\tchar error\tword recall\tseconds")
	for _, p := range r.Pages {
		fmt.Fprintf(t, "%s\t%s\t%.2f\t%.3f\t%.3f\t%.3f\t%.2f\t%s\n", p.File, p.Language, p.Confidence, p.WordError, p.CharError, p.WordRecall, p.Seconds, p.Error)
	}
	fmt.Fprintf(t, "%d images\t\t\t%.3f\t%.3f\t%.3f\t%.1f\n", r.Images, r.WordError, r.CharError, r.WordRecall, r.Seconds)
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%.0f pages a minute with %d processes; %d of %d could not be read\n", r.PagesPerMinute, r.Processes, r.Failed, r.Images)
	return err
}

var imageTypes = []string{".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"}

// imagesWithTruth finds the images of dir and what is on them.
func imagesWithTruth(dir string) ([]truthImage, error) {
	var all []truthImage
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains(imageTypes, strings.ToLower(filepath.Ext(path))) {
			return err
		}
		truth, ok, err := truthOf(path)
		if ok {
			all = append(all, truthImage{path, truth})
		}
		return err
	})
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The folder %s cannot be read.", dir)
	}
	return all, nil
}

// truthOf looks for name.gt.txt with fewer and fewer endings of the name, then for a FUNSD annotation.
func truthOf(image string) (string, bool, error) {
	for base := image; filepath.Ext(base) != ""; {
		base = strings.TrimSuffix(base, filepath.Ext(base))
		if text, err := os.ReadFile(base + ".gt.txt"); err == nil {
			return string(text), true, nil
		}
	}
	name := strings.TrimSuffix(filepath.Base(image), filepath.Ext(image))
	annotation := filepath.Join(filepath.Dir(filepath.Dir(image)), "annotations", name+".json")
	data, err := os.ReadFile(annotation)
	if err != nil {
		return "", false, nil //nolint:nilerr // an image without truth is left out
	}
	text, err := funsd(data)
	if err != nil {
		return "", false, fmt.Errorf("read %s: %w", annotation, err)
	}
	return text, true, nil
}

// funsd joins the words of an annotation of the FUNSD collection (Jaume and others 2019).
func funsd(data []byte) (string, error) {
	var page struct {
		Form []struct {
			Words []struct {
				Text string `json:"text"`
			} `json:"words"`
		} `json:"form"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return "", err
	}
	var words []string
	for _, f := range page.Form {
		for _, w := range f.Words {
			words = append(words, w.Text)
		}
	}
	return strings.Join(words, " "), nil
}

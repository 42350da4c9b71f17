package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"docket/capture/sample"
	"docket/search"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// A LettersReport says how search grows with the number of letters.
type LettersReport struct {
	Sizes []LettersSize `json:"sizes"`
}

// A LettersSize is what one number of letters costs. Times are milliseconds over queries of all kinds, facets counted, as one of the
// many readers a house has.
type LettersSize struct {
	Letters  int                `json:"letters"`
	Indexing float64            `json:"letters_per_second"`
	Open     float64            `json:"open_ms"` // closing and opening again
	Bytes    int64              `json:"index_bytes"`
	Text     int64              `json:"text_bytes"`
	Heap     uint64             `json:"heap_bytes"` // of the process, after the queries and a collection
	P50      float64            `json:"p50_ms"`
	P95      float64            `json:"p95_ms"`
	Kinds    map[string]float64 `json:"p95_ms_by_kind"`
}

// letterKinds are the kinds of queries in the order in which they are printed.
var letterKinds = []string{"everything", "word", "words", "sentence", "phrase", "prefix", "fuzzy", "number", "filtered"}

// Table implements Report.
func (r LettersReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "letters\tindexed/s\topen ms\tindex MB\ttext MB\theap MB\tp50 ms\tp95 ms\t")
	for _, k := range letterKinds {
		fmt.Fprintf(t, "%s\t", k)
	}
	fmt.Fprintln(t)
	for _, s := range r.Sizes {
		fmt.Fprintf(t, "%d\t%.0f\t%.0f\t%.1f\t%.1f\t%.0f\t%.1f\t%.1f\t", s.Letters, s.Indexing, s.Open, float64(s.Bytes)/1e6, float64(s.Text)/1e6, float64(s.Heap)/1e6, s.P50, s.P95)
		for _, k := range letterKinds {
			fmt.Fprintf(t, "%.1f\t", s.Kinds[k])
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// Letters measures search on generated letters in the six languages, a fresh index for each size. clock is time.Now.
func Letters(ctx context.Context, sizes []int, clock func() time.Time) (LettersReport, error) {
	var report LettersReport
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return report, err
	}
	schema := search.NewSchema(&pack.Catalogue, nil)
	for _, n := range sizes {
		s, err := measureLetters(ctx, schema, n, clock)
		if err != nil {
			return report, err
		}
		report.Sizes = append(report.Sizes, s)
	}
	return report, nil
}

func measureLetters(ctx context.Context, schema *search.Schema, n int, clock func() time.Time) (LettersSize, error) {
	s := LettersSize{Letters: n, Kinds: map[string]float64{}}
	folder, err := os.MkdirTemp("", "docket-bench-")
	if err != nil {
		return s, err
	}
	defer os.RemoveAll(folder)
	engine, err := search.Open(filepath.Join(folder, "index"), schema)
	if err != nil {
		return s, err
	}
	questions, err := indexLetters(ctx, engine, n, clock, &s)
	if err != nil {
		engine.Close()
		return s, err
	}
	start := clock()
	if err := engine.Close(); err != nil {
		return s, err
	}
	if engine, err = search.Open(filepath.Join(folder, "index"), schema); err != nil {
		return s, err
	}
	defer engine.Close()
	s.Open = float64(clock().Sub(start).Microseconds()) / 1000
	if s.Bytes, err = folderSize(folder); err != nil {
		return s, err
	}
	if err := askLetters(ctx, engine, questions, clock, &s); err != nil {
		return s, err
	}
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	s.Heap = memory.HeapAlloc
	return s, nil
}

// indexLetters writes letters, indexes them in batches, and gives questions about some of them. Only indexing is timed.
func indexLetters(ctx context.Context, engine search.Engine, n int, clock func() time.Time, s *LettersSize) (map[string][]string, error) {
	bag, err := sample.NewBag(sample.Options{Pieces: n, Seed: 7, Kinds: []sample.Kind{sample.Text}})
	if err != nil {
		return nil, err
	}
	d := rand.New(rand.NewPCG(7, 7))
	questions := map[string][]string{"everything": {""}}
	var batch []search.Entry
	var took time.Duration
	for i := range n {
		piece, err := bag.Piece(i)
		if err != nil {
			return nil, err
		}
		e := letterEntry(d, piece.Truth)
		s.Text += int64(len(piece.Truth.Text))
		if i%max(1, n/40) == 0 {
			questionsAbout(d, e, questions)
		}
		if batch = append(batch, e); len(batch) < 200 && i < n-1 {
			continue
		}
		start := clock()
		if err := engine.Index(ctx, batch); err != nil {
			return nil, err
		}
		took += clock().Sub(start)
		batch = batch[:0]
	}
	s.Indexing = float64(n) / took.Seconds()
	return questions, nil
}

func letterEntry(d *rand.Rand, t sample.Truth) search.Entry {
	received := time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC).AddDate(0, 0, -d.IntN(1500))
	readers := []string{"role:agent", "team:claims", "team:complaints", "user:anna"}
	return search.Entry{
		Document: uuid.Must(uuid.NewV7()), Version: 1, Title: t.File + " " + t.Fields[taxonomy.SenderName], FileName: t.File, Class: t.Class,
		State: []string{"filed", "filed", "filed", "waiting"}[d.IntN(4)], Source: []string{"scan", "email", "upload"}[d.IntN(3)],
		Party: uuid.NewSHA1(uuid.NameSpaceOID, []byte(t.Party)), PartyName: t.Fields[taxonomy.SenderName], Language: t.Language,
		Received: received, Date: received.AddDate(0, 0, -d.IntN(6)), Fields: t.Fields, Pages: strings.Split(t.Text, "\f"),
		Readers: []string{readers[d.IntN(len(readers))], readers[d.IntN(len(readers))]},
	}
}

// questionsAbout adds one question of each kind that a letter answers.
func questionsAbout(d *rand.Rand, e search.Entry, questions map[string][]string) {
	words := strings.FieldsFunc(e.Pages[0], func(r rune) bool { return strings.ContainsRune(" \n\t.,;:()*~\"„“”«»-:", r) })
	if len(words) < 30 {
		return
	}
	at := d.IntN(len(words) - 12)
	long := words[at]
	for _, w := range words[at : at+12] {
		if len(w) > len(long) {
			long = w
		}
	}
	add := func(kind, query string) { questions[kind] = append(questions[kind], query) }
	add("word", long)
	add("words", long+" "+words[at+12]+" "+words[d.IntN(len(words))])
	add("sentence", strings.Join(words[at:at+10], " "))
	add("phrase", `"`+strings.Join(words[at:at+3], " ")+`"`)
	if runes := []rune(long); len(runes) > 4 {
		add("prefix", string(runes[:4])+"*")
		add("fuzzy", string(runes[:len(runes)-1])+"~")
	}
	if number := e.Fields[taxonomy.CustomerNumber]; number != "" {
		add("number", number)
	}
	add("filtered", long+" class:"+string(e.Class)+" date:"+e.Date.Format("2006")+" lang:"+e.Language)
}

func askLetters(ctx context.Context, engine search.Engine, questions map[string][]string, clock func() time.Time, s *LettersSize) error {
	var all []time.Duration
	reader := taxonomy.Reader{Tokens: []string{taxonomy.Everyone, "role:agent", "team:claims"}}
	for _, kind := range letterKinds {
		var times []time.Duration
		for _, q := range questions[kind] {
			start := clock()
			_, err := engine.Search(ctx, search.Request{Query: q, Plain: kind == "word" || kind == "words" || kind == "sentence", Reader: reader, Today: start, Facets: true})
			if err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
			times = append(times, clock().Sub(start))
		}
		s.Kinds[kind] = percentile(times, 95)
		all = append(all, times...)
	}
	s.P50, s.P95 = percentile(all, 50), percentile(all, 95)
	return nil
}

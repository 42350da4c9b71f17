package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"docket/search"
	"docket/taxonomy"

	"github.com/google/uuid"
)

// A SearchReport says how well and how fast queries are answered. Measures are means over the queries that have relevant
// documents, with every judgement above 0 counted as relevant: nDCG@10 with gain 1 and discount log2(1+rank); recall@100.
type SearchReport struct {
	Documents int     `json:"documents"`
	Queries   int     `json:"queries"`
	NDCG10    float64 `json:"ndcg_10"`
	Recall100 float64 `json:"recall_100"`
	MRR       float64 `json:"mrr"` // mean of 1/rank of the first relevant document
	P50       float64 `json:"p50_ms"`
	P95       float64 `json:"p95_ms"`
	Indexing  float64 `json:"documents_per_second"`
	Bytes     int64   `json:"index_bytes"`
	TextBytes int64   `json:"text_bytes"`
}

// Table implements Report.
func (r SearchReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "documents\t%d\n", r.Documents)
	fmt.Fprintf(t, "queries with judgements\t%d\n", r.Queries)
	fmt.Fprintf(t, "nDCG@10\t%.4f\n", r.NDCG10)
	fmt.Fprintf(t, "recall@100\t%.4f\n", r.Recall100)
	fmt.Fprintf(t, "reciprocal rank\t%.4f\n", r.MRR)
	fmt.Fprintf(t, "p50\t%.1f ms\n", r.P50)
	fmt.Fprintf(t, "p95\t%.1f ms\n", r.P95)
	fmt.Fprintf(t, "indexing\t%.0f documents a second\n", r.Indexing)
	fmt.Fprintf(t, "index\t%.1f MB for %.1f MB of text\n", float64(r.Bytes)/1e6, float64(r.TextBytes)/1e6)
	return t.Flush()
}

// Search indexes dir/docs.jsonl ({"id","title","text"} a line) in a temporary folder, asks dir/queries.tsv (id and query) and
// compares with dir/qrels.txt (query, 0, document, level), through the same engine, query path and index settings as the
// server. language is that of the collection, two letters. clock is time.Now.
func Search(ctx context.Context, dir, language string, clock func() time.Time) (SearchReport, error) {
	var report SearchReport
	folder, err := os.MkdirTemp("", "docket-bench-")
	if err != nil {
		return report, err
	}
	defer os.RemoveAll(folder)
	engine, err := search.Open(folder, search.NewSchema(&taxonomy.Catalogue{}, nil))
	if err != nil {
		return report, err
	}
	defer engine.Close()
	names, err := indexCollection(ctx, engine, dir, language, clock, &report)
	if err != nil {
		return report, err
	}
	if report.Bytes, err = folderSize(folder); err != nil {
		return report, err
	}
	return report, askCollection(ctx, engine, dir, names, clock, &report)
}

// indexCollection indexes the documents in batches and gives their names by ID.
func indexCollection(ctx context.Context, engine search.Engine, dir, language string, clock func() time.Time, report *SearchReport) (map[uuid.UUID]string, error) {
	names := map[uuid.UUID]string{}
	var batch []search.Entry
	var took time.Duration
	flush := func() error {
		start := clock()
		err := engine.Index(ctx, batch)
		took += clock().Sub(start)
		batch = batch[:0]
		return err
	}
	err := eachLine(filepath.Join(dir, "docs.jsonl"), func(line string) error {
		var d struct{ ID, Title, Text string }
		if err := json.Unmarshal([]byte(line), &d); err != nil {
			return err
		}
		id := uuid.NewSHA1(uuid.NameSpaceOID, []byte(d.ID))
		names[id] = d.ID
		report.TextBytes += int64(len(d.Title) + len(d.Text))
		batch = append(batch, search.Entry{Document: id, Version: 1, Title: d.Title, Language: language, Pages: []string{d.Text}})
		if len(batch) < 200 {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	report.Documents = len(names)
	report.Indexing = float64(len(names)) / took.Seconds()
	return names, err
}

func askCollection(ctx context.Context, engine search.Engine, dir string, names map[uuid.UUID]string, clock func() time.Time, report *SearchReport) error {
	relevant, err := readJudgements(filepath.Join(dir, "qrels.txt"))
	if err != nil {
		return err
	}
	var times []time.Duration
	err = eachLine(filepath.Join(dir, "queries.tsv"), func(line string) error {
		id, query, _ := strings.Cut(line, "\t")
		wanted := relevant[id]
		if len(wanted) == 0 {
			return nil
		}
		request := search.Request{Query: query, Plain: true, Reader: taxonomy.Root, Limit: 100}
		results, err := engine.Search(ctx, request)
		if err != nil {
			return fmt.Errorf("query %s: %w", id, err)
		}
		request.Limit, request.Facets = 20, true // as the search page asks
		start := clock()
		if _, err := engine.Search(ctx, request); err != nil {
			return fmt.Errorf("query %s: %w", id, err)
		}
		times = append(times, clock().Sub(start))
		ranked := make([]bool, len(results.Hits))
		for i, h := range results.Hits {
			ranked[i] = wanted[names[h.Document]]
		}
		report.Queries++
		report.NDCG10 += ndcg(ranked, len(wanted), 10)
		report.Recall100 += recall(ranked, len(wanted), 100)
		report.MRR += reciprocalRank(ranked)
		return nil
	})
	if n := float64(report.Queries); n > 0 {
		report.NDCG10, report.Recall100, report.MRR = report.NDCG10/n, report.Recall100/n, report.MRR/n
	}
	report.P50, report.P95 = percentile(times, 50), percentile(times, 95)
	return err
}

// readJudgements gives the relevant documents of each query.
func readJudgements(name string) (map[string]map[string]bool, error) {
	relevant := map[string]map[string]bool{}
	return relevant, eachLine(name, func(line string) error {
		f := strings.Fields(line)
		if len(f) != 4 {
			return fmt.Errorf("%q is not a judgement", line)
		}
		level, err := strconv.Atoi(f[3])
		if err != nil || level <= 0 {
			return err
		}
		if relevant[f[0]] == nil {
			relevant[f[0]] = map[string]bool{}
		}
		relevant[f[0]][f[2]] = true
		return nil
	})
}

// ndcg is the normalised discounted cumulative gain of the first k results, of which relevant ones count 1, when there are
// so many relevant documents.
func ndcg(ranked []bool, relevant, k int) float64 {
	gain, ideal := 0.0, 0.0
	for i := range k {
		discount := 1 / math.Log2(float64(i)+2)
		if i < len(ranked) && ranked[i] {
			gain += discount
		}
		if i < relevant {
			ideal += discount
		}
	}
	if ideal == 0 {
		return 0
	}
	return gain / ideal
}

// recall is the share of the relevant documents that are among the first k results.
func recall(ranked []bool, relevant, k int) float64 {
	n := 0
	for _, r := range ranked[:min(k, len(ranked))] {
		if r {
			n++
		}
	}
	return share(n, relevant)
}

func reciprocalRank(ranked []bool) float64 {
	if i := slices.Index(ranked, true); i >= 0 {
		return 1 / float64(i+1)
	}
	return 0
}

// percentile is the least of the times that p percent of them do not exceed, in milliseconds; 0 without any.
func percentile(times []time.Duration, p int) float64 {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	i := (len(sorted)*p + 99) / 100
	return float64(sorted[max(0, i-1)].Microseconds()) / 1000
}

// eachLine calls f with each line of a file that is not empty.
func eachLine(name string, f func(line string) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		if err := f(lines.Text()); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
	}
	return lines.Err()
}

// folderSize is the sum of the sizes of the files below a folder, in bytes.
func folderSize(folder string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(folder, func(_ string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return err
	})
	return sum, err
}

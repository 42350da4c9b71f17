package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"docket/cmd/docket/bench"
)

// A benchmark is one measurement. Its words are what follows its name on the command line, without --json.
type benchmark struct {
	name  string
	usage string
	about string
	run   func(ctx context.Context, words []string) (bench.Report, error)
}

// benchmarks in the order in which they are listed.
func benchmarks() []benchmark {
	return []benchmark{
		{"ocr", "DIR", "word and character error, word recall and pages a minute of text recognition", benchOCR},
		{"capture", "[LETTERS] [PDFS]", "pages a minute of the whole pipeline against two tesseract processes; born-digital PDFs a second; memory", benchCapture},
		{"detect", "TRAIN [TEST]", "how well texts are recognised, and when a person is asked; TRAIN may be the word shipped; without TEST cross-validation", benchDetect},
		{"learning", "TRAIN [N...]", "the learning curve: how well texts are recognised after training on so many others", benchLearning},
		{"extract", "DIR [--text] [--layouts FOLDER] [--house FILE] [--mistakes]", "precision and recall of fields on files with their truth (x.json beside x.pdf)", benchExtract},
		{"mailbag", "[PIECES [SEED]] [--mistakes] [--texts FILE]", "class and fields of a fresh mailbag as the whole pipeline reads it; --texts keeps what was read for bench detect", benchMailbag},
		{"mail", "[MESSAGES [IMPORTED]]", "messages a second by SMTP, acknowledged and searchable, against writing the same bytes to the store; growth of an import; memory of a large message", benchMail},
		{"mail-corpus", "DIR", "what is read of every message below a folder (.eml, .msg, .mbox, no ending, and whatever else begins like one); with --json one line a message", benchMailCorpus},
		{"arc", "FILE", "how far we agree with a suite (YAML) about who passed messages on (ARC)", benchARC},
		{"growth", "", "how the time to find fields grows with the length of hostile texts", benchGrowth},
		{"search", "DIR [LANGUAGE]", "nDCG@10, recall@100 and speed of search on docs.jsonl, queries.tsv and qrels.txt", benchSearch},
		{"web", "[DOCUMENTS] [TICKETS] [CLIENTS] [--data DIR]", "how long people wait for pages of a house of that size (100000 20000 4); --data keeps it", benchWeb},
		{"letters", "[N...]", "speed of search and indexing on so many generated letters (1000 3000 10000)", benchLetters},
	}
}

// runBench prints a table, or one JSON object with --json, or one a line.
func runBench(ctx context.Context, std stdio, args []string) error {
	asJSON := slices.Contains(args, "--json") || slices.Contains(args, "-json")
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--json" || a == "-json" })
	if len(args) == 0 {
		for _, b := range benchmarks() {
			fmt.Fprintf(std.Out, "  %-11s %s\n              docket bench %s [--json]\n", b.name, b.about, strings.TrimSpace(b.name+" "+b.usage))
		}
		return nil
	}
	i := slices.IndexFunc(benchmarks(), func(b benchmark) bool { return b.name == args[0] })
	if i < 0 {
		return usagef("there is no measurement %q", args[0])
	}
	report, err := benchmarks()[i].run(ctx, args[1:])
	if err != nil {
		return err
	}
	if lines, ok := report.(bench.Liner); ok && asJSON {
		return lines.Lines(std.Out)
	}
	if asJSON {
		return json.NewEncoder(std.Out).Encode(report)
	}
	return report.Table(std.Out)
}

func benchOCR(ctx context.Context, words []string) (bench.Report, error) {
	if len(words) != 1 {
		return nil, usagef("bench ocr needs one folder")
	}
	return bench.OCR(ctx, words[0], time.Now)
}

func benchDetect(_ context.Context, words []string) (bench.Report, error) {
	if len(words) < 1 || len(words) > 2 {
		return nil, usagef("bench detect needs a file or folder of texts with labels, or the word %s, and may have another to test on", bench.ShippedMaterial)
	}
	return bench.Detect(words[0], append(words, "")[1], time.Now)
}

func benchMailCorpus(ctx context.Context, words []string) (bench.Report, error) {
	if len(words) != 1 {
		return nil, usagef("bench mail-corpus needs one folder")
	}
	return bench.MailCorpus(ctx, words[0], time.Now)
}

func benchARC(ctx context.Context, words []string) (bench.Report, error) {
	if len(words) != 1 {
		return nil, usagef("bench arc needs the file of a suite")
	}
	return bench.ARC(ctx, words[0])
}

func benchGrowth(ctx context.Context, words []string) (bench.Report, error) {
	if len(words) > 0 {
		return nil, usagef("bench growth takes no arguments")
	}
	return bench.Growth(ctx, time.Now)
}

func benchLearning(_ context.Context, words []string) (bench.Report, error) {
	if len(words) < 1 {
		return nil, usagef("bench learning needs a file or folder of texts with labels, or the word %s", bench.ShippedMaterial)
	}
	sizes, err := wholeNumbers("learning", words[1:], 20)
	if err != nil {
		return nil, err
	}
	return bench.Learning(words[0], sizes, time.Now)
}

func benchSearch(ctx context.Context, words []string) (bench.Report, error) {
	if len(words) < 1 || len(words) > 2 {
		return nil, usagef("bench search needs one folder, and the language of its documents if that is not en")
	}
	return bench.Search(ctx, words[0], append(words, "en")[1], time.Now)
}

func benchLetters(ctx context.Context, words []string) (bench.Report, error) {
	sizes, err := wholeNumbers("letters", words, 40)
	if err != nil {
		return nil, err
	}
	if len(sizes) == 0 {
		sizes = []int{1000, 3000, 10_000}
	}
	return bench.Letters(ctx, sizes, time.Now)
}

// wholeNumbers reads the numbers that a measurement was given.
func wholeNumbers(measurement string, words []string, least int) ([]int, error) {
	var numbers []int
	for _, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil || n < least {
			return nil, usagef("bench %s takes numbers of at least %d", measurement, least)
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// benchApp has f use everything embedded in a folder, with some queues worked once f starts them. Where there are any, the index is kept.
// Who sends messages is asked of a name server on this machine, which knows nobody.
func benchApp(ctx context.Context, data string, queues []string, f func(*app) error) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := defaultConfig()
	c.Data = data
	if c.MailDNS, err = benchNames(ctx); err != nil {
		return err
	}
	return runApp(ctx, c, slog.New(slog.DiscardHandler), role{name: c.name(), queues: queues, index: len(queues) > 0}, f)
}

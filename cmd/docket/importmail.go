package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"docket/capture"
	"docket/capture/mail"
	"docket/repository/fault"
)

// importedMail is the source of mail that lies in files when no other is named.
const importedMail = capture.MailSource + "import"

// runImportMail brings in mail that lies in files, beside a running server or alone. Cut off at any moment and typed again, it goes on
// where it was.
func runImportMail(ctx context.Context, std stdio, args []string) error {
	var source, channel string
	var asJSON, archive bool
	c, words, err := configure("import mail", args, func(f *flag.FlagSet) {
		f.StringVar(&source, "source", importedMail, "name of the source that the messages come from")
		f.StringVar(&channel, "channel", "", "address of the house that the messages were for")
		f.BoolVar(&archive, "archive", false, "the messages were settled elsewhere: they are kept and found, and open no ticket")
		f.BoolVar(&asJSON, "json", false, "one JSON object")
	})
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return usagef("import mail from which files or folders?")
	}
	m := &capture.Importer{Source: source, By: console, Archive: archive}
	others := 0
	for _, path := range words {
		files, passed, err := mail.Files(path)
		if errors.Is(err, fs.ErrNotExist) {
			return usagef("there is no file %s", path)
		}
		if err != nil {
			return err
		}
		m.Files, others = append(m.Files, files...), others+passed
	}
	if len(m.Files) == 0 {
		return fault.New(fault.Invalid, "There is no mail in what was named: no .eml, .mbox, .msg and no Maildir. %d other files were passed over.", others)
	}
	return withApp(ctx, std, c, role{}, func(a *app) error {
		if channel != "" {
			to, err := findChannel(ctx, a.stack, channel)
			if err != nil {
				return err
			}
			m.Channel = to.ID
		}
		m.Intake = a.intake
		began := time.Now()
		stop := showProgress(std.Err, m, began)
		err := m.Run(ctx)
		stop()
		return errors.Join(err, printImported(std.Out, asJSON, mailImport{m.Progress(), others, time.Since(began).Seconds()}, err))
	})
}

// A mailImport is what an import of mail did.
type mailImport struct {
	capture.Imported
	PassedOver int     `json:"passed_over"` // files that are no mail
	Seconds    float64 `json:"seconds"`
}

// printImported says what was done, also of an import that was cut off, and makes what was not done an error.
func printImported(w io.Writer, asJSON bool, m mailImport, cut error) error {
	if asJSON {
		if err := json.NewEncoder(w).Encode(m); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(w, "%d messages in %d files: %d new, %d copies of others, %d brought in before, %d too large; %d other files passed over\n",
			m.Messages, m.Files, m.New, m.Duplicates, m.Already, m.Refused, m.PassedOver)
		for _, p := range m.Problems {
			fmt.Fprintln(w, p)
		}
		if cut != nil {
			fmt.Fprintln(w, "It was cut off. The same command goes on where it was.")
		}
	}
	if cut == nil && len(m.Problems) > 0 {
		return fault.New(fault.Conflict, "Not everything could be done; see above. The rest was.")
	}
	return nil
}

// progressEvery is how often a person is told how far an import is.
const progressEvery = 500 * time.Millisecond

// showProgress keeps a line on a terminal that says how far an import is, until it is stopped.
func showProgress(w io.Writer, m *capture.Importer, began time.Time) (stop func()) {
	file, ok := w.(*os.File)
	if !ok {
		return func() {}
	}
	if info, err := file.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return func() {}
	}
	done := make(chan struct{})
	var showing sync.WaitGroup
	showing.Go(func() {
		tick := time.NewTicker(progressEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				fmt.Fprint(w, "\r\x1b[K")
				return
			case <-tick.C:
				fmt.Fprintf(w, "\r\x1b[K%s", progressLine(m.Progress(), time.Since(began)))
			}
		}
	})
	return func() { close(done); showing.Wait() }
}

// progressLine says how many messages there were, how many a second, and about how much is left, by the bytes of the files.
func progressLine(so capture.Imported, took time.Duration) string {
	line := fmt.Sprintf("%d messages, %.0f a second", so.Messages, float64(so.Messages)/max(took.Seconds(), 0.001))
	if so.Bytes == 0 {
		return line
	}
	rest := float64(so.Total-so.Bytes) / float64(so.Bytes)
	left := time.Duration(rest * float64(took)).Round(time.Second)
	return fmt.Sprintf("%s, about %.0f left (%s)", line, rest*float64(so.Messages), left)
}

package clamd

import (
	"fmt"
	"strings"
	"time"
)

// An Answer is what was said about one stream. The zero Answer is never given without an error.
type Answer struct {
	Clean    bool
	Found    string // the name of the signature; empty when nothing was found
	TooLarge bool   // the stream is over a limit of the scanner: it was not looked at, or not all of it
}

// longestAnswer bounds what is read of an answer, in bytes. Names of signatures are far shorter.
const longestAnswer = 1024

// limits begins the names of what clamd finds when a stream exceeds one of its limits and AlertExceedsMax is set.
const limits = "Heuristics.Limits.Exceeded"

// parseAnswer reads the answer to INSTREAM.
func parseAnswer(line string) (Answer, error) {
	switch {
	case line == "stream: OK":
		return Answer{Clean: true}, nil
	case line == "INSTREAM size limit exceeded. ERROR":
		return Answer{TooLarge: true}, nil
	}
	name, found := strings.CutSuffix(line, " FOUND")
	if name, ok := strings.CutPrefix(name, "stream: "); found && ok && name != "" {
		name = printable(name)
		return Answer{Found: name, TooLarge: strings.HasPrefix(name, limits)}, nil
	}
	return Answer{}, fmt.Errorf("clamd answered %.200q", line)
}

// printable makes a name fit to be shown and stored.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return '?'
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
}

// A Version says which scanner this is.
type Version struct {
	Engine     string    // "ClamAV 1.4.6"
	Signatures string    // the number of its daily signatures; empty when it has none, but some of the house's own
	Built      time.Time // when these were made; zero when it is not known
}

// parseVersion reads the answer to VERSION: "ClamAV 1.4.6/27465/Wed Nov 12 09:33:52 2025", or the engine alone.
func parseVersion(line string) (Version, error) {
	engine, rest, dated := strings.Cut(printable(line), "/")
	if !strings.HasPrefix(engine, "ClamAV ") {
		return Version{}, fmt.Errorf("clamd says that it is %.200q", line)
	}
	v := Version{Engine: engine}
	if !dated {
		return v, nil
	}
	var day string
	v.Signatures, day, _ = strings.Cut(rest, "/")
	if built, err := time.Parse(time.ANSIC, day); err == nil {
		v.Built = built
	}
	return v, nil
}

// String is the version as it is kept with what was scanned.
func (v Version) String() string {
	if v.Signatures == "" {
		return v.Engine
	}
	return v.Engine + "/" + v.Signatures
}

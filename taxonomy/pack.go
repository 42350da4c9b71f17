package taxonomy

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed pack
var packFiles embed.FS

// A Pack is a catalogue to start with: for an organisation that handles complaints and claims. It is written as data in
// the folder pack: fields, categories and classes as JSON, cues and vocabularies as plain lines, described in pack/README.md.
type Pack struct {
	Version int // counts up with every change of the shipped data
	Catalogue
}

// LoadPack reads and checks the pack that ships with the program. The result is shared: do not change it.
var LoadPack = sync.OnceValues(func() (*Pack, error) { return readPack(packFiles) })

// readPack reads a pack from the folder "pack" of a file system and checks that everything it refers to is there.
func readPack(files fs.FS) (*Pack, error) {
	p := &Pack{}
	p.Vocabularies = map[FieldID][]Term{}
	head := struct {
		Version    int        `json:"version"`
		Language   string     `json:"language"`
		Fields     []Field    `json:"fields"`
		Categories []Category `json:"categories"`
		Classes    []Class    `json:"classes"`
	}{}
	for _, name := range []string{"pack.json", "fields.json", "categories.json", "classes.json"} {
		if err := readJSON(files, "pack/"+name, &head); err != nil {
			return nil, err
		}
	}
	p.Version, p.Language = head.Version, head.Language
	p.Fields, p.Categories, p.Classes = head.Fields, head.Categories, head.Classes
	if err := errors.Join(p.readCues(files), p.readVocabularies(files)); err != nil {
		return nil, err
	}
	return p, p.Check()
}

func readJSON(files fs.FS, name string, to any) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	d := json.NewDecoder(strings.NewReader(string(b)))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (p *Pack) readCues(files fs.FS) error {
	for i := range p.Classes {
		c := &p.Classes[i]
		c.Cues = map[string][]Cue{}
		err := readLines(files, "pack/cues/"+string(c.ID)+".txt", func(language, key, value string) error {
			weight, err := strconv.ParseFloat(key, 64)
			if err != nil {
				return fmt.Errorf("%q is no weight", key)
			}
			for _, phrase := range list(value) {
				c.Cues[language] = append(c.Cues[language], Cue{phrase, weight})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (p *Pack) readVocabularies(files fs.FS) error {
	names, err := fs.Glob(files, "pack/vocabulary/*.txt")
	if err != nil {
		return err
	}
	for _, name := range names {
		field := FieldID(strings.TrimSuffix(path.Base(name), ".txt"))
		err := readLines(files, name, func(id, language, value string) error {
			phrases := list(value)
			if len(phrases) < 2 {
				return fmt.Errorf("%s needs a title and at least one more phrase", language)
			}
			p.Vocabularies[field] = withPhrases(p.Vocabularies[field], id, language, phrases)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// withPhrases adds a language to a term: the first phrase is its title.
func withPhrases(terms []Term, id, language string, phrases []string) []Term {
	if n := len(terms); n == 0 || terms[n-1].ID != id {
		terms = append(terms, Term{ID: id, Titles: Titles{}, Synonyms: map[string][]string{}})
	}
	t := &terms[len(terms)-1]
	t.Titles[language] = phrases[0]
	t.Synonyms[language] = append(t.Synonyms[language], phrases[1:]...)
	return terms
}

// readLines reads a file of "[section]" and "key: value" lines; # starts a comment.
func readLines(files fs.FS, name string, each func(section, key, value string) error) error {
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	section := ""
	for n, line := range strings.Split(string(b), "\n") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if inner, ok := strings.CutPrefix(line, "["); ok {
			section = strings.TrimSuffix(inner, "]")
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok || section == "" {
			return fmt.Errorf("%s:%d: %q is neither [section] nor key: value", name, n+1, line)
		}
		if err := each(section, strings.TrimSpace(key), value); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n+1, err)
		}
	}
	return nil
}

// list splits "a, b, c".
func list(s string) []string {
	var all []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

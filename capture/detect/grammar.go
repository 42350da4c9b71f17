package detect

import (
	"bufio"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
)

// A grammar writes texts. It is read from files of sections; each line of a section is one of its alternatives.
//
//	// a comment
//	[subject]
//	Complaint about {product}
//	[body]
//	{story} {ask}||I expect {remedy}.
//
// {name} stands for any alternative of a section, of the class's own file first and else of the language's common file;
// {name?} stands for one or, half of the time, for nothing. A bar is a line break, # inside a line a digit.
type grammar struct {
	own, common map[string][]string
}

// shares is into how many groups the alternatives of a class's own sections are dealt. Texts of different groups share no
// sentence of their own, only salutations and the like, so that cross-validation over groups is honest about new wording.
const shares = 5

// readGrammar reads the sections of one file.
func readGrammar(files fs.FS, name string) (map[string][]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read training material: %w", err)
	}
	defer f.Close()
	out := map[string][]string{}
	section := ""
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "" || strings.HasPrefix(line, "//"):
		case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]") && !strings.Contains(line, " "):
			section = line[1 : len(line)-1]
		case section == "":
			return nil, fmt.Errorf("training material %s: %q stands before the first section", name, line)
		default:
			out[section] = append(out[section], line)
		}
	}
	return out, lines.Err()
}

// write gives one text of a group.
func (g grammar) write(random *rand.Rand, group int) (string, error) {
	text, err := g.expand("text", random, group, 0)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(strings.ReplaceAll(text, "|", "\n")), nil
}

// deepest is how far sections may refer to sections, so that a mistake in a file ends.
const deepest = 12

func (g grammar) expand(section string, random *rand.Rand, group, depth int) (string, error) {
	if depth > deepest {
		return "", fmt.Errorf("training material: section %q refers to itself", section)
	}
	choices := share(g.own[section], group)
	if len(choices) == 0 {
		choices = g.common[section]
	}
	if len(choices) == 0 {
		return "", fmt.Errorf("training material: there is no section %q", section)
	}
	var b strings.Builder
	rest := choices[random.IntN(len(choices))]
	for rest != "" {
		i := strings.IndexAny(rest, "{#")
		if i < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:i])
		if rest[i] == '#' {
			b.WriteByte(byte('0' + random.IntN(10)))
			rest = rest[i+1:]
			continue
		}
		name, after, closed := strings.Cut(rest[i+1:], "}")
		if !closed {
			return "", fmt.Errorf("training material: section %q has an open brace", section)
		}
		rest = after
		name, maybe := strings.CutSuffix(name, "?")
		if maybe && random.IntN(2) == 0 {
			continue
		}
		part, err := g.expand(name, random, group, depth+1)
		if err != nil {
			return "", err
		}
		b.WriteString(part)
	}
	return b.String(), nil
}

// share gives the alternatives that belong to a group. Sections too small to be dealt out belong to all.
func share(choices []string, group int) []string {
	if len(choices) < shares {
		return choices
	}
	var out []string
	for i := group % shares; i < len(choices); i += shares {
		out = append(out, choices[i])
	}
	return out
}

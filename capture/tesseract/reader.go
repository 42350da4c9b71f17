package tesseract

import (
	"fmt"
	"math"
	"slices"

	"docket/repository"
)

// shelfSize is how many models a child keeps: all six languages, and Russian with English.
const shelfSize = 7

// A reader does the work inside a child.
type reader struct {
	models    shelf
	habit     habit
	languages []string // installed; nil until asked
}

func newReader() *reader {
	silence()
	return &reader{models: shelf{size: shelfSize}}
}

// page reads one page: decode, clean, straighten, turn upright, find the language, recognise, encode.
func (r *reader) page(q Page) (reply, error) {
	x, err := decode(q.File, q.Index)
	if err != nil {
		return reply{}, err
	}
	s, err := prepare(x, q.DPI)
	defer s.free()
	if err != nil {
		return reply{}, err
	}
	if s.blank {
		return finish(s, firstOf(q.Language, q.Hint), nil)
	}
	if len(q.Among) == 0 {
		if q.Among, err = r.installed(); err != nil {
			return reply{}, err
		}
	}
	language, words, err := r.read(s, q)
	if err != nil {
		return reply{}, err
	}
	return finish(s, language, words)
}

// read finds the page's language and whether it stands on its head, and recognises it. While page after page is in one language the next is
// read in it at once, and again only when that was wrong; else a sample is read first to tell.
func (r *reader) read(s *sheet, q Page) (string, []repository.Word, error) {
	if usual := r.habit.language(); usual != "" && q.Language == "" && (q.Hint == "" || q.Hint == usual) {
		words, err := r.recognise(s, usual, q.PSM)
		if err != nil {
			return "", nil, err
		}
		if whole := newSample(usual, words); whole.confidence >= surelyScript && decide(whole, q, usual) == usual {
			r.habit.note(usual)
			return usual, words, nil
		}
	}
	language, err := r.choose(s, q)
	if err != nil {
		return "", nil, err
	}
	r.habit.note(language)
	words, err := r.recognise(s, language, q.PSM)
	return language, words, err
}

// choose turns the page by half when it stands on its head and says in which language to read it.
func (r *reader) choose(s *sheet, q Page) (string, error) {
	first := firstOf(q.Language, q.Hint, "en")
	if len(s.letters) < fewLetters || s.height == 0 {
		return first, nil
	}
	best, err := r.look(s, q, first)
	if err != nil {
		return "", err
	}
	if best.confidence < surelyScript {
		if best, err = r.lookTurned(s, q, first, best); err != nil {
			return "", err
		}
	}
	if q.Language != "" {
		return q.Language, nil
	}
	return decide(best, q, first), nil
}

// lookTurned reads the sample with the page on its head. A page that does not read clearly better so is turned back: a poor
// fax reads badly both ways.
func (r *reader) lookTurned(s *sheet, q Page, first string, before sample) (sample, error) {
	if err := s.turn(2); err != nil {
		return before, err
	}
	after, err := r.look(s, q, first)
	if err != nil || after.confidence > before.confidence+clearlyBetter {
		return after, err
	}
	return before, s.turn(2)
}

// look reads the sample in the first language and, when that fails, in the other script.
func (r *reader) look(s *sheet, q Page, first string) (sample, error) {
	best, err := r.sample(s, first)
	if err != nil || best.confidence >= surelyScript {
		return best, err
	}
	other := "ru"
	if first == "ru" {
		other = "en"
	}
	if q.Language != "" || !slices.Contains(q.Among, other) {
		return best, nil
	}
	second, err := r.sample(s, other)
	if err == nil && second.confidence > best.confidence {
		best = second
	}
	return best, err
}

func (r *reader) sample(s *sheet, language string) (sample, error) {
	e, err := r.models.take(models[language])
	if err != nil {
		return sample{}, err
	}
	part, err := s.grey.clipped(s.strip(sampleLetters))
	if err != nil {
		return sample{}, err
	}
	defer part.free()
	scale := s.enlarge()
	if err := part.become(part.scaled(scale, scale)); err != nil {
		return sample{}, err
	}
	words, err := e.recognise(part, modeBlock, int(float64(s.dpi)*scale))
	return newSample(language, words), err
}

// decide says which language the sample speaks for.
func decide(s sample, q Page, first string) string {
	if s.language == "ru" && s.confidence >= likelyRight {
		return "ru"
	}
	latin := slices.DeleteFunc(slices.Clone(q.Among), func(l string) bool { return l == "ru" })
	if s.language == "ru" {
		return first
	}
	g := guessLanguage(s.text, latin)
	if g.sure > 0.8 {
		return g.language
	}
	return firstOf(q.Hint, g.language, first)
}

func firstOf(choices ...string) string {
	for _, c := range choices {
		if c != "" {
			return c
		}
	}
	return ""
}

// mostRead is to how many pixels a page is enlarged: A4 at 400 dots to the inch. More costs minutes and tells nothing new.
const mostRead = 16e6

// enlarge is the factor by which the page is scaled for recognition.
func (s *sheet) enlarge() float64 {
	if s.height == 0 || s.height >= enoughHeight && s.height < 1.2*wantedHeight {
		return 1
	}
	room := max(1, math.Sqrt(mostRead/float64(s.page.width()*s.page.height())))
	return min(max(wantedHeight/s.height, 0.5), maxEnlarge, room)
}

// leastMargin is the paper in pixels that is left around the ink of a page whose letters could not be measured: Tesseract loses
// letters that touch the edge.
const leastMargin = 20

// recognise reads the whole page once; the boxes come back in pixels of the page.
func (r *reader) recognise(s *sheet, language string, mode int) ([]repository.Word, error) {
	name, ok := models[language]
	if !ok {
		return nil, fmt.Errorf("recognise: no model for language %q", language)
	}
	if latin := models["en"]; language == "ru" && r.has("en") {
		name += "+" + latin // names, mail addresses and numbers in Latin letters; Cyrillic alone makes nonsense of them
	}
	e, err := r.models.take(name)
	if err != nil {
		return nil, err
	}
	f := s.enlarge()
	part := s.ink.Inset(-int(max(leastMargin, 2*s.height))).Intersect(s.bounds())
	x, err := s.grey.clipped(part)
	if err != nil {
		return nil, err
	}
	defer x.free()
	if err := x.become(x.scaled(f, f)); err != nil {
		return nil, err
	}
	if f > coarseEnlarge {
		_ = x.become(x.sharpened()) // what fails is left out
	}
	if mode == 0 {
		mode = s.mode()
	}
	words, err := e.recognise(x, mode, int(float64(s.dpi)*f))
	if mode == modeSparse {
		words = inRows(words)
	}
	for i := range words {
		words[i].Box = shrink(words[i].Box, f)
		words[i].Box.X += part.Min.X
		words[i].Box.Y += part.Min.Y
	}
	return words, err
}

// What makes a page a form: some pieces of rules, not too few for its letters, and fewer letters than a page of running
// text has. Forms have 200 to 1,100, a letter's page 1,500 and more; text in columns must not be read across them.
const (
	formRules      = 4
	formMaxLetters = 1200
	formLetters    = 100 // to a rule, at most
)

// mode is how a page is cut into lines: a form's text stands here and there, that of a letter in blocks.
func (s *sheet) mode() int {
	if s.rules >= formRules && len(s.letters) <= formMaxLetters && len(s.letters) <= formLetters*s.rules {
		return modeSparse
	}
	return modeAuto
}

func shrink(b repository.Box, f float64) repository.Box {
	at := func(v int) int { return int(float64(v)/f + 0.5) }
	x, y := at(b.X), at(b.Y)
	return repository.Box{X: x, Y: y, W: max(1, at(b.X+b.W)-x), H: max(1, at(b.Y+b.H)-y)}
}

// has says whether there is a model for a language.
func (r *reader) has(language string) bool {
	all, err := r.installed()
	return err == nil && slices.Contains(all, language)
}

// installed are the languages of Docket for which there is a model.
func (r *reader) installed() ([]string, error) {
	if r.languages == nil {
		e, err := r.models.any()
		if err != nil {
			return nil, err
		}
		names := e.available()
		for language, model := range models {
			if slices.Contains(names, model) {
				r.languages = append(r.languages, language)
			}
		}
		slices.Sort(r.languages)
	}
	return r.languages, nil
}

package search

import (
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2/analysis/lang/de"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/hu"
	"github.com/blevesearch/bleve/v2/analysis/lang/pl"
	"github.com/blevesearch/bleve/v2/analysis/lang/ru"
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/hungarian"
	"github.com/blevesearch/snowballstem/russian"
)

// A language is how the words of one language are brought to a common form. It is safe for concurrent use.
type language struct {
	code  string
	stem  func(t token) string
	stop  map[string]bool // folded
	parts map[string]bool // folded parts of compound words; nil for languages that do not build them
	memo  sync.Map        // lower-case word to stem: a language's words repeat
	size  memoSize
}

// languages are those with an analyser of their own, by code. Text in any other is found by its unstemmed words.
//
// English, German, Hungarian and Russian are stemmed by Snowball as packaged with bleve, Polish and Slovenian by light stemmers of
// our own; see there for why. Stop words are those that come with bleve; Slovenian, which it does not know, has a list of our own.
var languages = sync.OnceValue(func() []*language {
	return []*language{
		{code: "en", stem: snowball(english.Stem), stop: stopWords(en.EnglishStopWords)},
		{code: "de", stem: snowball(german.Stem), stop: stopWords(de.GermanStopWords), parts: compoundParts()},
		{code: "hu", stem: stemHungarian, stop: stopWords(hu.HungarianStopWords)},
		{code: "pl", stem: folding(stemPolish), stop: stopWords(pl.PolishStopWords)},
		{code: "ru", stem: snowball(russian.Stem), stop: stopWords(ru.RussianStopWords)},
		{code: "sl", stem: folding(stemSlovenian), stop: stopWords([]byte(slovenianStopWords))},
	}
})

// languageOf is the analyser for a two-letter code, nil when there is none.
func languageOf(code string) *language {
	i := slices.IndexFunc(languages(), func(l *language) bool { return l.code == code })
	if i < 0 {
		return nil
	}
	return languages()[i]
}

// root is the form under which a word of this language is indexed, folded.
func (l *language) root(t token) string {
	if t.compact || strings.ContainsAny(t.term, "0123456789") {
		return t.term
	}
	if s, ok := l.memo.Load(t.lower); ok {
		return s.(string)
	}
	s := fold(l.stem(t))
	if s == "" {
		s = t.term
	}
	if l.size.grow() {
		l.memo.Clear()
	}
	l.memo.Store(strings.Clone(t.lower), s)
	return s
}

func snowball(stem func(*snowballstem.Env) bool) func(token) string {
	return func(t token) string {
		env := snowballstem.NewEnv(strings.TrimSuffix(t.lower, "'s"))
		stem(env)
		return env.Current()
	}
}

// folding is a stemmer that works on folded words.
func folding(stem func(string) string) func(token) string {
	return func(t token) string { return stem(t.term) }
}

// stemHungarian is Snowball's stemmer with one repair: the last a or e of a word, which becomes long before endings, is cut off in all
// forms, so that számla and számlákat meet.
func stemHungarian(t token) string {
	s := fold(snowball(hungarian.Stem)(t))
	if n := len(s); n >= 5 && (s[n-1] == 'a' || s[n-1] == 'e') {
		return s[:n-1]
	}
	return s
}

// stopWords reads a list in Snowball's format: words, and comments after a bar.
func stopWords(list []byte) map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(string(list)) {
		line, _, _ = strings.Cut(line, "|")
		for _, w := range strings.Fields(line) {
			words[fold(lower(w))] = true
		}
	}
	return words
}

// slovenianStopWords are the pronouns, prepositions, conjunctions, particles and forms of "to be" of Slovenian.
const slovenianStopWords = `
	a ali ampak ano bi bil bila bile bili bilo biti blizu bo bodo bom bomo bos bosta boste brez celo cez ce cigar da do dokler
	dol en ena eni eno ga gor hkrati ima imajo imam imamo in iz iz ja jaz je jih jim ji jo k kaj kako kakor kaksen kar kateri
	katera katero kdaj kdo ker ki kje ko kot ko lahko le ma me med mene meni mi midva mimo moj moja moje mojega moji mojo
	moram na nad naj nam nama nami nas nasa nase nasi ne nego nek neka neki neko ni nic nih nihce nje njega njegov njej njem njemu
	njen njih njihov njim njimi njo no o ob obe od okoli on ona onadva one oni ono oz oziroma pa pac po pod poleg potem pred
	preden preko prek pri proti s samo se sebe sebi sem si smo so ste sta sva svoj svoja svoje svoji ta tako tam te tega tej tem
	temu teh ti tem tisti to toda tu tudi tukaj tvoj tvoja tvoje v vam vama vami vas vasa vase vasi ve vendar vi vsak vse vsi
	vsa vso z za zakaj zaradi zato ze zelo zoper`

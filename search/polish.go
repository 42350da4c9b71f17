package search

import "strings"

// stemPolish is a light stemmer for Polish, of the same kind as stemSlovenian: the longest known ending of case, number,
// person or tense is taken off, then the commonest word-forming one, and a vowel that comes and goes before a last consonant is
// dropped. The endings are our own list after the school grammar.
//
// Stempel, which bleve packages for Polish, learned its rules from word lists and does not keep the forms of many everyday nouns
// together (klient, klienta, klientów; umowa, umowę, umów), which for search is what counts.
//
// The word comes folded: ą is a, ę is e, ó is o, ł is l.
func stemPolish(word string) string {
	stem := cutLongest(word, polishInflections, 3)
	stem = cutLongest(stem, polishDerivations, 4)
	return droppedVowel(stem)
}

// polishInflections are endings of nouns, adjectives and verbs.
var polishInflections = strings.Fields(`
	iejszego iejszemu iejszych iejszym iejsza iejsze iejszy
	owalismy owalabym ujemy ujecie ujesz uje uja ujac
	alismy ilismy elismy aliscie iliscie alibysmy alabym ilabym
	owalam owalem owala owali owalo owaly owac owal
	alam alem ilam ilem ylam ylem ali ily aly yli yly ala alo ila ilo yla ylo ili al il yl
	amy acie ajac aja asz am imy icie isz ymy ycie ysz
	iego iemu ich imi im iej ego emu ych ymi ym ej
	iami iach iom iow iem ami ach om ow em owie owi
	ac ic yc ec ie iu ia io
	a e i o u y`)

// polishDerivations are word-forming endings, taken off after the inflection.
var polishDerivations = strings.Fields(`
	owan owen ian ien ion an en on
	nosc osc
	owsk sk
	ujac ajac
	liw ow n`)

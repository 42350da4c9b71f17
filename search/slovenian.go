package search

import "strings"

// stemSlovenian is a light stemmer for Slovenian. It follows the idea of Popovič and Willett ("The effectiveness of
// stemming for natural-language access to Slovene textual data", JASIS 43(5), 1992): take off the longest known ending
// that leaves a stem of sufficient length, then undo what inflection did to the end of the stem. The endings are our own
// list of the declensions and conjugations of the school grammar, applied in two rounds: case, number and person first,
// then the commonest word-forming ones (-ost, -anje, -en, -ski), so that noun, adjective and verb of a word meet.
//
// The word comes folded (no accents), for letters are often written without their carons.
func stemSlovenian(word string) string {
	stem := cutLongest(word, slovenianInflections, 3)
	stem = cutLongest(stem, slovenianDerivations, 4)
	return slovenianEnding(stem)
}

// slovenianInflections are endings of nouns, adjectives and verbs by falling length.
var slovenianInflections = strings.Fields(`
	ovanega ovanemu ovanimi
	jevega jevemu jevimi ovskega ovskemu ovskimi ejsega ejsemu ejsimi
	nostjo nostih nostim nostmi
	nega nemu nimi skega skemu skimi enega enemu enimi anega anemu animi
	nost nosti ovali ovala ovalo ovale
	ega emu imi ima ami ama oma ema ovi ove ova ovo ovih ovim evi eva eve
	ovom evom jem jih jim jev jo ja je ji ju
	amo ate ajo imo ite ijo emo ete ejo ujem ujes uje ujemo ujete ujejo
	ali ala alo ale ili ila ilo ile eli ela elo ele
	ati iti eti uti oti avsi ivsi
	ih im em om am ah eh ov ev mi
	sta ste smo
	al il el as is es at it et
	a e i o u`)

// slovenianDerivations are word-forming endings, taken off after the inflection.
var slovenianDerivations = strings.Fields(`
	ovanj ovan ovat anj enj janj jenj
	nost ost
	ljiv ovit
	ujoc ajoc ejoc ujem
	sk ov ev
	en an in
	iv av
	n l`)

// cutLongest takes the longest of the endings off a word when at least least letters of it stay.
func cutLongest(word string, endings []string, least int) string {
	longest := 0
	for _, e := range endings {
		if len(e) > longest && len(word)-len(e) >= least && strings.HasSuffix(word, e) {
			longest = len(e)
		}
	}
	return word[:len(word)-longest]
}

// slovenianEnding undoes the vowel that comes and goes before a last consonant (racun-a, denar; pes-psa; dolzen-dolzna)
// and the softening of the last consonant (sk-sc, k-c, g-z, h-s) where it is plain.
func slovenianEnding(stem string) string {
	n := len(stem)
	if n >= 5 && stem[n-2] == 'e' && strings.IndexByte("cklmnrz", stem[n-1]) >= 0 && !vowel(stem[n-3]) {
		stem = stem[:n-2] + stem[n-1:]
	}
	if s, ok := strings.CutSuffix(stem, "sc"); ok && len(s) >= 3 {
		return s + "sk"
	}
	if n := len(stem); n >= 4 && stem[n-1] == 'j' {
		return stem[:n-1]
	}
	return stem
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

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
	amo ate ajo imo ite emo ete ejo ujem ujes uje ujemo ujete ujejo
	ali ala alo ale ili ila ilo ile ilu ilom ilih ilim eli ela elo ele
	ati iti eti uti oti avsi ivsi
	ih im em om am ah eh ov ev mi
	sta ste smo
	al il el as is es at it et
	a e i o u`)

// slovenianDerivations are word-forming endings, taken off after the inflection.
var slovenianDerivations = strings.Fields(`
	ovalnic ovaln ovanj ovan ovat
	anj enj janj jenj ljanj ljenj ljen ljan
	nost ost
	ljiv ovit
	ujoc ajoc ejoc ujem
	sk ov ev an`)

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

// slovenianEnding undoes what inflection does to the end of a stem: the vowel that comes and goes, and sk that became sc.
func slovenianEnding(stem string) string {
	stem = droppedVowel(stem)
	if s, ok := strings.CutSuffix(stem, "sc"); ok && len(s) >= 3 {
		return s + "sk"
	}
	if n := len(stem); n >= 4 && stem[n-1] == 'j' {
		return stem[:n-1]
	}
	return stem
}

// droppedVowel drops the e that stands before a last consonant in some forms of a Slavonic word only: rachunek and rachunku,
// izdelek and izdelka, dolžen and dolžna.
func droppedVowel(stem string) string {
	n := len(stem)
	if n >= 5 && stem[n-2] == 'e' && strings.IndexByte("cklmnrz", stem[n-1]) >= 0 && !vowel(stem[n-3]) {
		return stem[:n-2] + stem[n-1:]
	}
	return stem
}

func vowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

package detect

// A text is heard by several voices. Each gives a score for every label; how much each voice counts is learned from texts
// that the voice was not trained on (see fit).
const (
	wordsVoice   = iota // support vector machine on words, pairs of words, heading and shape
	lettersVoice        // support vector machine on groups of letters
	countsVoice         // complement naive Bayes on words and groups of letters
	cuesVoice           // the rules
	voices
)

// The penalty for training texts on the wrong side. Chosen by cross-validation on several public collections; results
// change little between half and twice these values.
const (
	wordsPenalty   = 0.2
	lettersPenalty = 0.2
)

// An ensemble is the voices that learn, over one vocabulary.
type ensemble struct {
	vocabulary *vocabulary
	machines   [cuesVoice]*machine
}

// trainVoices trains each voice on the given texts.
func trainVoices(texts []sample, labels int, seed uint64) *ensemble {
	occurrences := make([][]occurrence, len(texts))
	for i, t := range texts {
		occurrences[i] = t.features
	}
	e := &ensemble{vocabulary: newVocabulary(occurrences)}
	var rows [cuesVoice][]row
	for _, t := range texts {
		x, _ := e.vocabulary.vector(t.features)
		for v, part := range e.parts(x) {
			rows[v] = append(rows[v], row{part, t.label, t.weight})
		}
	}
	n := len(e.vocabulary.hashes)
	e.machines[wordsVoice] = learn(rows[wordsVoice], labels, n, wordsPenalty, seed)
	e.machines[lettersVoice] = learn(rows[lettersVoice], labels, n, lettersPenalty, seed)
	e.machines[countsVoice] = count(rows[countsVoice], labels, n)
	return e
}

// parts are what each voice hears of a text.
func (e *ensemble) parts(x []feature) [cuesVoice][]feature {
	return [cuesVoice][]feature{
		wordsVoice:   e.vocabulary.part(x, wordBlock, pairBlock, headingBlock, shapeBlock, askingBlock),
		lettersVoice: e.vocabulary.part(x, letterBlock),
		countsVoice:  e.vocabulary.part(x, wordBlock, letterBlock),
	}
}

// hear gives each voice's scores of a text, and the share of its words that are known.
func (e *ensemble) hear(features []occurrence) (scores [voices][]float64, known float64) {
	x, known := e.vocabulary.vector(features)
	for v, part := range e.parts(x) {
		scores[v] = e.machines[v].scores(part)
	}
	return scores, known
}

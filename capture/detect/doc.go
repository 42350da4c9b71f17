// Package detect recognises the language and the class of a text. It is pure: no database, no files, no clock.
//
// # Words
//
//   - Label: what a text is of; a class ID in the program, any string in a test.
//   - Example: a text whose label is known, shipped with the program (Shipped) or decided by a person.
//   - Voice: one way of hearing a text. Three voices learn from examples: words, groups of letters, and counts of both.
//     The fourth is the rules: cues, phrases that an administrator has given to a class.
//   - Mix: how much each voice counts. It is fitted on texts that the voices were not trained on, which makes the result
//     a probability as well (calibration).
//   - Heading: the short lines above the running text, where letters say what they are about.
//   - Sure: the confidence reaches the class's threshold. Otherwise the model abstains and a person decides.
//
// # What it does not do
//
// It extracts no fields (package extract) and stores nothing: Encode and Decode turn a model into bytes and back. It
// knows six languages and takes any other for the nearest of them. It looks at one text alone: of a covering note that
// says only "see attached" it says nothing but "unknown", however telling the attachment is.
//
// # Why so
//
// Linear models on words and letters train in seconds on one core, explain themselves word by word and need no service.
// Letters carry Hungarian and Slavic endings and survive misread characters; words and pairs carry phrases; naive Bayes is
// ahead while there are few examples, and its ratios also stretch what the other two hear. Which of them is best differs
// from one collection to the next, so the mix is learned and not set. Of all marks only the question mark is heard: short
// letters that ask, thank or answer often differ in nothing else.
//
// What else was tried, and how much it gave, is in docs/benchmarks.md: other length normalisation, skip-grams, larger
// votes, the vectors of models trained elsewhere. None gave more than chance on one collection without costing another,
// so none is here.
//
// The language model is our own, naive Bayes over groups of one to four letters learned from the training material.
// The well-known lingua-go carries 124 MB of language models in the binary, for 75 languages of which six are needed;
// they can be left out by no setting.
package detect

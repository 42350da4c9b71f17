package taxonomy

// A ClassID is a class's short name: "complaint".
type ClassID string

// The classes of the starter pack that the program itself speaks of. An organisation may have others.
const (
	Complaint      ClassID = "complaint"
	Claim          ClassID = "claim"
	Question       ClassID = "question"
	Suggestion     ClassID = "suggestion"
	Thanks         ClassID = "thanks"
	Cancellation   ClassID = "cancellation"
	Invoice        ClassID = "invoice"
	Contract       ClassID = "contract"
	Form           ClassID = "form"
	Identity       ClassID = "identity"
	Correspondence ClassID = "correspondence"
	Reply          ClassID = "reply"
	Container      ClassID = "container" // an archive that was unpacked: kept as it came, what it held are documents of their own
	Unknown        ClassID = "unknown"
)

// Titles are what something is called, by language.
type Titles map[string]string

// In gives the title in a language, in English when there is none, and else fallback.
func (t Titles) In(language, fallback string) string {
	if s := t[language]; s != "" {
		return s
	}
	if s := t["en"]; s != "" {
		return s
	}
	return fallback
}

// A Class is what sort of thing a document is and what follows from that.
type Class struct {
	ID        ClassID          `json:"id"`
	Titles    Titles           `json:"titles"`
	Fields    []ClassField     `json:"fields"`
	Threshold float64          `json:"threshold"` // least calibrated confidence, 0 to 1, at which no person is asked
	Name      string           `json:"name"`      // naming template
	Path      string           `json:"path"`      // filing template: folder under the category
	Category  string           `json:"category"`  // code of the record category in the file plan
	Process   string           `json:"process"`   // workflow process that is started, empty for none
	Readers   []string         `json:"readers"`   // access tokens that may see it: "role:agent"; see Reader
	Cues      map[string][]Cue `json:"cues"`      // by language: what speaks for this class
}

// A ClassField says that documents of a class have a field.
type ClassField struct {
	Field    FieldID `json:"field"`
	Required bool    `json:"required"` // without it a person is asked
}

// A Cue is a word or phrase that speaks for a class (or against it, with a negative weight) when a text holds it.
// Matching ignores case and accents
// and needs word boundaries; a word that ends in * matches with any ending.
type Cue struct {
	Phrase string  `json:"phrase"`
	Weight float64 `json:"weight"` // about 1 for a hint, 3 for "that settles it"
}

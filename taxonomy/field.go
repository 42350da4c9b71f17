package taxonomy

import "docket/repository"

// A FieldID is a field's short name: "letter_date".
type FieldID string

// The fields of the starter pack that the program itself extracts.
const (
	LetterDate     FieldID = "letter_date"
	SenderName     FieldID = "sender_name"
	SenderAddress  FieldID = "sender_address"
	SenderEmail    FieldID = "sender_email"
	SenderPhone    FieldID = "sender_phone"
	CustomerNumber FieldID = "customer_number"
	ContractNumber FieldID = "contract_number"
	PolicyNumber   FieldID = "policy_number"
	InvoiceNumber  FieldID = "invoice_number"
	Amount         FieldID = "amount"
	IBAN           FieldID = "iban"
	Product        FieldID = "product"
	Subject        FieldID = "subject"       // what it is about, as a term of the vocabulary: "late delivery"
	IncidentDate   FieldID = "incident_date" // when it happened
	Remedy         FieldID = "remedy"        // what is asked for: "refund"
	Deadline       FieldID = "deadline"      // a date set by the sender
	TicketNumber   FieldID = "ticket_number" // one of our tickets named in the text
)

// A FieldType says how a field's values are written and checked.
type FieldType string

// The field types and their normalised forms.
const (
	TextField    FieldType = "text"    // as written, spaces collapsed
	DateField    FieldType = "date"    // 2006-01-02
	AmountField  FieldType = "amount"  // "1234.50 EUR": dot, two decimals, ISO 4217 code
	NumberField  FieldType = "number"  // an identifier: upper case, inner separators kept, spaces removed
	IBANField    FieldType = "iban"    // without spaces, check digits valid
	EmailField   FieldType = "email"   // lower case
	PhoneField   FieldType = "phone"   // E.164
	AddressField FieldType = "address" // "street and number, postcode town", one line
	TermField    FieldType = "term"    // the ID of a term of the vocabulary named like the field
)

// FieldTypes are all field types in the order in which forms show them.
var FieldTypes = []FieldType{TextField, DateField, AmountField, NumberField, TermField, EmailField, PhoneField, AddressField, IBANField}

// A Field is a named, typed piece of metadata.
type Field struct {
	ID     FieldID   `json:"id"`
	Type   FieldType `json:"type"`
	Titles Titles    `json:"titles"`
}

// A Term is one entry of a vocabulary. Vocabularies are named by the field whose values they hold.
type Term struct {
	ID       string              `json:"id"`                // "late-delivery"
	Titles   Titles              `json:"titles"`            // "late delivery"
	Synonyms map[string][]string `json:"synonyms"`          // by language: what people write; a word that ends in * matches with any ending
	Retired  bool                `json:"retired,omitempty"` // documents that name it keep it; it is not offered or looked for any more
}

// A Value is what a field holds for one document, with where and how it was found.
type Value struct {
	Value      string         `json:"value"`          // normalised by the field's type
	Text       string         `json:"text"`           // as it stands in the document; equal to Value when typed in
	Confidence float64        `json:"confidence"`     // 0 to 1; 1 when a person entered or confirmed it
	Page       int            `json:"page,omitempty"` // 1-based; 0 when it is not from a page
	Box        repository.Box `json:"box,omitzero"`
	How        string         `json:"how"` // "label “Kundennummer” to the left", "typed by anna"
}

// Values are a document's metadata.
type Values map[FieldID]Value

// Get is the normalised value of a field, empty when there is none.
func (v Values) Get(id FieldID) string { return v[id].Value }

package search

import "docket/taxonomy"

// Names of the fields in the index. Short, for each posting list carries one.
const (
	inText     = "w"        // every page's words, folded, with places
	inTitle    = "title"    // the title's words
	inFile     = "file"     // the file name's words
	inParty    = "party"    // the party's name
	inPartyID  = "partyid"  // the party's ID
	inOther    = "o"        // words of all other metadata, file name, party and labels, for plain searches
	inClass    = "class"    // and the rest one term each
	inState    = "state"    //
	inSource   = "source"   //
	inLabel    = "label"    //
	inLanguage = "lang"     //
	inFolder   = "folder"   //
	inDocument = "_id"      // bleve's own field of the key
	inHas      = "has"      // names of the fields that hold something
	inTicket   = "ticket"   // compact number
	inDesk     = "desk"     // states of tickets
	inDate     = "date"     // day, month and year
	inReceived = "received" //
	inReader   = "reader"   // access tokens
	inFacet    = "facet"    // what facets count, as a column; see facetTerm
	inStamp    = "stamp"    // see stampTerm
	inEntry    = "entry"    // stored only: what a result shows
	inNote     = "note"     // the words of notes
	inNoteRoot = "n"        // their roots, in any language
	inFrom     = "m.from"   // words of a message's header
	inTo       = "m.to"     //
	inCc       = "m.cc"     //
	inSubject  = "m.subj"   //
	inPage     = "page"     // stored only: the text of each page
	inRoots    = "r."       // + language: roots of the text's words
	inTitleOf  = "t."       // + language: roots of the title's words
)

// metadata is the name of a metadata field in the index.
func metadata(id taxonomy.FieldID) string { return "f." + string(id) }

// currencyOf is the name of the field that holds an amount's currency.
func currencyOf(indexed string) string { return indexed + ".currency" }

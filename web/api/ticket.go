package api

import "time"

// A Ticket is one case with its documents and what happened.
type Ticket struct {
	Number    string         `json:"number"`
	Title     string         `json:"title"`
	State     string         `json:"state"`
	WaitingOn string         `json:"waiting_on" doc:"whose turn it is"`
	Party     string         `json:"party" doc:"whom it is about"`
	Team      string         `json:"team"`
	Owner     string         `json:"owner" doc:"user name; empty when nobody has taken it"`
	Due       string         `json:"due" doc:"when the next commitment ends, RFC 3339; empty for none"`
	Opened    string         `json:"opened" doc:"RFC 3339"`
	Class     string         `json:"class"`
	Process   string         `json:"process"`
	Documents []TicketPaper  `json:"documents"`
	Timeline  []TimelineLine `json:"timeline" doc:"what happened, the oldest first"`
}

// A TicketPaper is a document of a ticket.
type TicketPaper struct {
	Document string `json:"document"`
	Title    string `json:"title"`
}

// A TimelineLine is one thing that happened.
type TimelineLine struct {
	At     time.Time      `json:"at"`
	By     string         `json:"by"`
	Verb   string         `json:"verb"`
	Detail map[string]any `json:"detail"`
}

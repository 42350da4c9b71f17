package verify

import "slices"

// A Result is what came of one check, in the words of RFC 8601.
type Result string

// The results.
const (
	None      Result = "none"      // nothing there to check
	Pass      Result = "pass"      // proved
	Fail      Result = "fail"      // disproved
	SoftFail  Result = "softfail"  // SPF: probably not a server of the domain
	Neutral   Result = "neutral"   // there, but it says nothing that counts
	TempError Result = "temperror" // could not be checked now; later it may
	PermError Result = "permerror" // cannot be checked: what the sender published or wrote is broken
)

// A Verdict is what is known about the sender of a message. The zero verdict knows nothing. It is stored as JSON.
//
// Details are words for administrators and the log, made by this package alone; strangers' text is not in them.
type Verdict struct {
	From    string      `json:"from,omitempty"`   // domain of the address in From, lower case, ASCII; "" when there is no single one
	Aligned bool        `json:"aligned"`          // a signature, the sending server, or a server of ours proves that domain
	Auth    string      `json:"auth,omitempty"`   // the server of ours at which whoever stands in From signed in to send it; "" for none
	SPF     SPF         `json:"spf"`              //
	DKIM    []Signature `json:"dkim,omitempty"`   // in the order of the message, those that our own server checked last
	DMARC   Result      `json:"dmarc"`            // pass, fail, none (no policy), temperror or permerror
	Policy  string      `json:"policy,omitempty"` // none, quarantine or reject, as the domain asks; "" without a policy
	ARC     Chain       `json:"arc"`              //
	Reason  string      `json:"reason"`           // a sentence for a person
}

// SPF is whether the server that sent the message may use the sender's domain.
type SPF struct {
	Result  Result `json:"result"`
	Domain  string `json:"domain,omitempty"` // of MAIL FROM, or of HELO when that was empty
	Aligned bool   `json:"aligned,omitempty"`
	By      string `json:"by,omitempty"` // the server whose results say so; "" when checked here
	Detail  string `json:"detail,omitempty"`
}

// A Signature is one DKIM signature.
type Signature struct {
	Result   Result `json:"result"`
	Domain   string `json:"domain,omitempty"`
	Selector string `json:"selector,omitempty"`
	Aligned  bool   `json:"aligned,omitempty"` // its domain is of the organisation in From, whatever the result
	By       string `json:"by,omitempty"`      // the server whose results say so; "" when checked here
	Detail   string `json:"detail,omitempty"`
}

// A Chain is the account of those who passed a message on. Its result is none, pass or fail (the cv of RFC 8617, section 4.4),
// or temperror when a key could not be asked for.
type Chain struct {
	Result  Result   `json:"result"`
	Sets    int      `json:"sets,omitempty"`
	Sealers []string `json:"sealers,omitempty"` // domains that sealed an unbroken chain, the last first
	Detail  string   `json:"detail,omitempty"`
}

// signer is the first domain that a signature proves for From, or "".
func (v *Verdict) signer() string {
	i := slices.IndexFunc(v.DKIM, func(s Signature) bool { return s.Aligned && s.Result == Pass })
	if i < 0 {
		return ""
	}
	return v.DKIM[i].Domain
}

// unsure says whether something that could have proved the sender could not be checked now.
func (v *Verdict) unsure() bool {
	later := func(s Signature) bool { return s.Aligned && s.Result == TempError }
	return v.SPF.Aligned && v.SPF.Result == TempError || slices.ContainsFunc(v.DKIM, later)
}

// serverUnknown is the detail of SPF where nobody saw which server sent a message.
const serverUnknown = "server unknown"

// Disowned says whether the domain in From asks not to believe what it does not prove, and does not prove this message. Where the server
// that sent it is not known nobody can say so: it may be one of the domain's. Whoever
// passed it on may have broken its signature; a person sees that.
func (v *Verdict) Disowned() bool {
	return v.DMARC == Fail && (v.Policy == "quarantine" || v.Policy == "reject") && v.SPF.Detail != serverUnknown
}

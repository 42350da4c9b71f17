package verify

import (
	"context"
	"strings"
)

// A policy is what a domain wants done with messages that nothing proves to be its own (RFC 7489, section 6.3). The zero policy
// is that of a domain without one.
type policy struct {
	Action     string // none, quarantine, reject; "" without a policy
	strictDKIM bool
	strictSPF  bool
}

// policy asks for the policy of a domain, or else of its organisation (RFC 7489, section 6.6.3).
func (l *lookups) policy(ctx context.Context, from string) (p policy, why *flaw) {
	org := organisation(from)
	for _, domain := range []string{from, org} {
		records, err := l.LookupTXT(ctx, "_dmarc."+domain)
		if isTemporary(err) {
			return p, &flaw{TempError, "policy not available now"}
		}
		if t := onePolicy(records); t != nil {
			return readPolicy(t, domain != from), nil
		}
		if from == org {
			break
		}
	}
	return p, nil
}

// onePolicy is the only DMARC record of some, nil when there is none or several.
func onePolicy(records []string) (only tags) {
	for _, r := range records {
		t, err := parseTags(r)
		if err != nil || t["v"] != "DMARC1" || !strings.HasPrefix(strings.TrimFunc(r, isSpace), "v") {
			continue
		}
		if only != nil {
			return nil
		}
		only = t
	}
	return only
}

// readPolicy reads a record, which is the organisation's when inherited. What it says wrongly counts as not said; without an
// action that can be read it still is a policy when it says where reports go.
func readPolicy(t tags, inherited bool) policy {
	is := func(name, value string) bool { return strings.EqualFold(t[name], value) }
	p := policy{strictDKIM: is("adkim", "s"), strictSPF: is("aspf", "s")}
	for _, action := range []string{"none", "quarantine", "reject"} {
		if is("p", action) {
			p.Action = action
		}
	}
	if p.Action == "" && t["rua"] != "" {
		p.Action = "none"
	}
	for _, action := range []string{"none", "quarantine", "reject"} {
		if inherited && p.Action != "" && is("sp", action) {
			p.Action = action
			break
		}
	}
	return p
}

// judge compares what was proved with From and says what the domain's policy makes of it.
func (v *Verdict) judge(p policy, why *flaw) {
	v.Policy = p.Action
	v.SPF.Aligned = isAligned(v.SPF.Domain, v.From, p.strictSPF)
	v.Aligned = v.SPF.Aligned && v.SPF.Result == Pass || v.Auth != ""
	for i := range v.DKIM {
		s := &v.DKIM[i]
		s.Aligned = isAligned(s.Domain, v.From, p.strictDKIM)
		v.Aligned = v.Aligned || s.Aligned && s.Result == Pass
	}
	switch {
	case why != nil:
		v.DMARC = why.result
	case p.Action == "":
		v.DMARC = None
	case v.Aligned:
		v.DMARC = Pass
	case v.unsure():
		v.DMARC = TempError
	default:
		v.DMARC = Fail
	}
}

package web

import (
	"cmp"
	"fmt"
	"strings"

	"docket/capture"
	"docket/capture/mail"
	"docket/capture/mail/verify"
)

// A senderCheck says in plain words whether it is proved who sent a message.
type senderCheck struct {
	Checked bool   // somebody looked: it came by mail and was read
	Proved  bool   // the sender's domain is
	Sender  string // as the message names it
	Reason  string // a sentence of package verify; empty when nobody looked
	Rows    []checkRow
}

// A checkRow is what one of the methods found.
type checkRow struct {
	Name   string // of the method
	Result string // a word
	Tone   string
	What   string // a sentence
	Detail string // for administrators
}

// Tone is the colour of the verdict.
func (c senderCheck) Tone() string {
	switch {
	case !c.Checked:
		return "plain"
	case c.Proved:
		return "good"
	}
	return "warn"
}

// senderCheck says what is known of a message's sender by its first delivery, which is the one that was checked.
func (v *visit) senderCheck(m *mail.Message, deliveries []capture.Delivery) (c senderCheck) {
	if len(m.From) > 0 {
		c.Sender = cmp.Or(m.From[0].Address, m.From[0].Name)
	}
	if len(deliveries) == 0 || deliveries[0].Verdict == nil {
		return c
	}
	verdict := deliveries[0].Verdict
	c.Checked, c.Proved, c.Reason = true, verdict.Aligned, verdict.Reason
	if len(verdict.DKIM) == 0 {
		c.Rows = append(c.Rows, v.checkRow("DKIM", "dkim", verify.None, "", "", ""))
	}
	for _, s := range verdict.DKIM {
		c.Rows = append(c.Rows, v.checkRow("DKIM", "dkim", s.Result, s.Domain, s.By, s.Detail))
	}
	domain := cmp.Or(verdict.SPF.Domain, verdict.From)
	c.Rows = append(c.Rows, v.checkRow("SPF", "spf", verdict.SPF.Result, domain, verdict.SPF.By, verdict.SPF.Detail))
	c.Rows = append(c.Rows, v.checkRow("DMARC", "dmarc", verdict.DMARC, verdict.From, "", policyWords(verdict.Policy)))
	c.Rows = append(c.Rows, v.checkRow("ARC", "arc", verdict.ARC.Result, strings.Join(verdict.ARC.Sealers, ", "), "", verdict.ARC.Detail))
	return c
}

func policyWords(policy string) string {
	if policy == "" {
		return ""
	}
	return "p=" + policy
}

// checkRow says a result in words. Results that only some methods have are said as the nearest one that all have.
func (v *visit) checkRow(name, method string, r verify.Result, domain, by, detail string) checkRow {
	said := map[verify.Result]string{verify.Pass: "pass", verify.Fail: "fail", verify.SoftFail: "fail", verify.TempError: "error", verify.PermError: "error"}[r]
	said = cmp.Or(said, "none")
	row := checkRow{Name: name, Result: v.T("check.result." + said), Detail: detail,
		Tone: map[string]string{"pass": "good", "fail": "bad", "error": "warn", "none": "plain"}[said]}
	row.What = v.T(fmt.Sprintf("check.%s.%s", method, said), cmp.Or(domain, "?"))
	if by != "" {
		row.What += " " + v.T("check.by", by)
	}
	return row
}

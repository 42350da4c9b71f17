package thread

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// prefixes are what programs put before the subject of an answer or of what is passed on, in lower case, by the languages in which
// they do.
const prefixes = `re r ref rsp fw fwd fwtd f re-fw fw-re
	aw antw antwort wg wtr vs vl sv vb doorst ilt
	vá válasz valasz tov továbbítás tovabbitas továbbítva továbbított
	odp odpowiedź odpowiedz pd przekazana na odg prepos posr posredovano ha
	на отв ответ пересл пер переадр прет пд дп
	rv res enc encaminhado encaminhada rif i inoltro inoltra tr trs réf rép rep dst ynt bls
	att atb yml απ σχετ πρθ תשובה הועבר ילב
	回复 回覆 答复 答覆 转发 轉寄 返信 転送 회신 전달 trả chuyển`

// before finds one of the prefixes, with the count of answers that may follow it, or what a mail server of ours warns of; after, what
// stands behind a subject.
var (
	before = regexp.MustCompile(`^(?:(?:` + strings.Join(strings.Fields(prefixes), "|") + `)\s*(?:[\[(]?\*?\d{1,3}[\])]?|\^\d{1,3})?\s*[:：]\s*` +
		`|\[(?:ext|extern\pL{0,4}|kulso|külső|zewn\pL*|внешн\pL*|spam|caution)\]\s*|[*]+(?:ext|extern|external|spam)[*]+\s*)`)
	after = regexp.MustCompile(`\s*\((?:fwd|fw)\)$`)
)

// maxSubject is how much of a subject is compared, in bytes.
const maxSubject = 1000

// BaseSubject is a subject as it is compared: without prefixes of answers, without ticket numbers, in lower case.
func BaseSubject(subject string) string {
	if len(subject) > maxSubject {
		subject = subject[:maxSubject]
		for !utf8.ValidString(subject) && len(subject) > maxSubject-utf8.UTFMax {
			subject = subject[:len(subject)-1]
		}
	}
	s := plain(number.ReplaceAllString(subject, " "))
	for {
		rest := after.ReplaceAllString(before.ReplaceAllString(s, ""), "")
		if rest == s {
			return strings.TrimRight(s, " -–:")
		}
		s = plain(rest)
	}
}

// plain is s in lower case with single spaces, without the brackets that a number left.
func plain(s string) string {
	s = strings.NewReplacer("[ ]", " ", "( )", " ", "[]", " ", "()", " ").Replace(s)
	return strings.ToLower(strings.TrimLeft(strings.Join(strings.Fields(s), " "), "-–: "))
}

// minShortened is how long a subject must be for a beginning of it to count as the same.
const minShortened = 20

// sameSubject says whether two base subjects are of one matter. An empty one, and one that a program cut off, tells nothing.
func sameSubject(a, b string) bool {
	if a == "" || b == "" || a == b {
		return true
	}
	a, b = strings.TrimRight(a, ".… "), strings.TrimRight(b, ".… ")
	short, long := a, b
	if len(short) > len(long) {
		short, long = long, short
	}
	return short == long || len(short) >= minShortened && strings.HasPrefix(long, short)
}

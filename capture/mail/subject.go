package mail

import (
	"regexp"
	"strings"
)

// prefixes are what mailers of all languages put before the subject of a reply or a forwarded message, in lower case.
var prefixes = func() map[string]bool {
	all := map[string]bool{}
	for p := range strings.FieldsSeq(`
		re r fw fwd f aw antw antwort wg wtr vs vl sv vb vá válasz valasz továbbítás tovabbitas továbbítva továbbított fwtd
		odp odpowiedź odpowiedz pd przekazana na naslov posr posredovano re-fw отв ответ пересл пер переадр ha
		rv res enc encaminhado encaminhada rif i inoltro inoltra tr réf ref rép rep ynt ilt doorst dst bls trs
		ответ: прет пд дп rsp att atb σχετ απ πρθ ynt: yml ילב תשובה הועבר 回复 回覆 答复 答覆 转发 轉寄 返信 転送 회신 전달 trả chuyển`) {
		all[strings.Trim(p, ":")] = true
	}
	return all
}()

var (
	prefixMark = regexp.MustCompile(`^\s*([\p{L}\p{M}]{1,12}(?:-[Ff][Ww])?)\s?(?:[\[(]?\*?\d{1,3}[\])]?|\^\d{1,3})?\s?[:：]\s*`)
	ownTag     = regexp.MustCompile(`\s*\[(?:#?[A-Z]{2,6}-\d{4}-\d{1,9}-\d)\]\s*`)
	listTag    = regexp.MustCompile(`^\s*(?i:\[(?:ext|extern|external|kulso|külső|zewn|внешн)[^\]]{0,20}\])\s*`)
	forwarded  = regexp.MustCompile(`(?i)\s*\((?:fwd|fw)\)\s*$`)
)

// Base is the subject without the prefixes of replies and forwards in any language, however often they were put there, and
// without our own ticket tags ("[CLM-2026-000123-7]"). Two messages of one matter have the same base, if they have references in
// common too (rule 29). White space is made single; the case is kept.
func Base(subject string) string {
	s := line(subject)
	for {
		next := strings.TrimSpace(ownTag.ReplaceAllString(s, " "))
		next = forwarded.ReplaceAllString(next, "")
		next = listTag.ReplaceAllString(next, "")
		if m := prefixMark.FindStringSubmatchIndex(next); m != nil && prefixes[strings.ToLower(next[m[2]:m[3]])] {
			next = next[m[1]:]
		}
		if next == s {
			return s
		}
		s = next
	}
}

package mail

import (
	"regexp"
	"strings"
)

// months and days are not told: a line that announces a quote is known by its verb, an address or a date, and its colon.
var (
	quoteLine = regexp.MustCompile(`^[\t ]*(?:>|[|]|[A-Z]{0,4}>|[A-Za-z]{1,20}> )`)

	// "On ... wrote:" in the order "preposition, date, name, verb", "date, name, verb" and "name, verb, date".
	announces = regexp.MustCompile(`(?i)^[\s>*_"]*(?:` + strings.Join([]string{
		`(?:on|at|in)\s.{4,}\s(?:wrote|writes|schrieb|said|napisał)\b.{0,40}:?`,
		`(?:am|den|vom)\s.{4,}\s(?:schrieb|hat|skrev|wrote|geschrieben)\b.*`,
		`(?:le|el|il|em|op|em|w dniu|dne|dnia|dana|dňa|pe|v|on|u|en date du|på)\s.{4,}\s(?:a [ée]crit|escribi[óo]|ha scritto|escreveu|schreef|heeft geschreven|napisał(?:\(a\)|/a|a)?|napsal(?:\(a\)|/a|a)?|je napisal(?:\(a\)|/a|a)?|je (?:oseba )?.{1,200}napisala?|napisal(?:\(a\)|/a|a)?|pisze|wrote|skrev|kirjoitti|a scris|píše)\b?.*`,
		`.{2,}\s(?:ezt írta|írta|a következőt írta|ezt irta)\b.*`,
		`.{2,}\s(?:написал(?:\(а\)|а|и)?|пишет|писал(?:\(а\)|а)?|пише)\b?.*`,
		`.{2,}\s(?:schrieb am|schrieb|skrev den|wrote on|wrote|schreef op|skrev|napisał(?:\(a\)|/a|a)?|pisze|napisal(?:\(a\)|/a|a)?|je napisal(?:\(a\)|/a|a)?|je \d.{4,80} napisala?)(?:\s.{0,100})?`,
		`.{0,20}\d{4}[-./]\d{1,2}[-./]\d{1,2}.{0,80}<\s?[^<>\s]+@[^<>\s]+>`,
		`.{0,80}\d{1,2}:\d{2}.{0,40}(?:,|\s(?:от|von|from|od|de))\s.{0,80}<[^<>\s]+@[^<>\s]+>\s?:`,
		`-{2,}\s?(?:on|am|le|w dniu|dne)\s.{4,}\s(?:wrote|schrieb|napisał)\b.{0,20}`,
	}, "|") + `)\s*[:：]?\s*-{0,6}\s*$`)

	delimits = regexp.MustCompile(`(?i)^[\s>*]*(?:` + strings.Join([]string{
		`[-_]{2,}\s?(?:original message|ursprüngliche nachricht|originalnachricht|original-nachricht|weitergeleitete nachricht|eredeti üzenet|továbbított üzenet|oryginalna wiadomość|wiadomość oryginalna|wiadomość przekazana|wiadomość przesłana dalej|исходное сообщение|пересылаемое сообщение|пересланное сообщение|конец пересылаемого сообщения|izvirno sporočilo|posredovano sporočilo|message d'origine|message original|message transféré|mensaje original|mensaje reenviado|messaggio originale|messaggio inoltrato|mensagem original|oorspronkelijk bericht|doorgestuurd bericht|původní zpráva|přeposlaná zpráva|forwarded message|forwarded by|forward message|reply message|urspr\. nachricht|ursprungligt meddelande|original meddelelse).{0,60}`,
		`(?:begin forwarded message|anfang der weitergeleiteten nachricht|weitergeleitete nachricht|początek przekazywanej wiadomości|továbbított üzenet kezdete|начало переадресованного сообщения|начало пересылаемого сообщения|začetek posredovanega sporočila|début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|inizio messaggio inoltrato)\s?:`,
		`##- .{1,150} -##`, // our own, in any language
		`[-_]{1,4}\s?reply above this line.{0,40}`, `#{1,6} reply above this line.{0,40}`,
		`_{20,}`, `-{40,}`,
	}, "|") + `)\s*$`)
	dashes = regexp.MustCompile(`^(?:-- ?|--\x{a0}|—|_{5,}|-{2,3})\s*$`)

	phones = regexp.MustCompile(`(?i)^[\s*_(\[<]*(?:` + strings.Join([]string{
		`sent (?:from|with|via|by) (?:my |the |a )?.{2,60}`, `get outlook for .{2,40}`, `(?:von|aus) (?:meinem|meiner|unterwegs|outlook).{1,50}(?:gesendet|geschickt)`, `gesendet (?:von|mit|über) .{2,60}`, `diese nachricht wurde von .{2,80} gesendet\.?`, `outlook für .{2,30} (?:beziehen|herunterladen).{0,60}`,
		`(?:elküldve|küldve) .{2,60}`, `.{2,40}(?:-ról|-ről|-ból|-ből|-mal|-mel|ról|ről) küldve`, `.{0,20}küldtem .{2,40}`, `wysłan[eoa] z .{2,60}`, `wysłano z .{2,60}`, `pobierz (?:aplikację )?outlook.{0,60}`,
		`отправлено (?:с|из|от) .{2,60}`, `отправлено с .{2,60}`, `скачать outlook.{0,60}`, `poslano (?:z|s|iz|prek) .{2,60}`, `prenesite outlook.{0,60}`, `envoyé (?:de|depuis|à partir) .{2,60}`, `enviado (?:desde|do|de|a partir) .{2,60}`, `inviato (?:da|dal) .{2,60}`, `verzonden (?:vanaf|met) .{2,60}`, `sendt (?:fra|med) .{2,60}`, `skickat från .{2,60}`, `odesláno (?:z|ze) .{2,60}`, `lähetetty .{2,60}`, `надіслано .{2,60}`,
	}, "|") + `)[\s*_)\].]*$`)

	headName = regexp.MustCompile(`(?i)^[\s>*]*\*?(` + strings.Join([]string{
		`from`, `to`, `cc`, `bcc`, `date`, `sent`, `subject`, `reply-to`, `attachments?`, `importance`, `message-id`,
		`von`, `an`, `kopie`, `datum`, `gesendet(?: am)?`, `betreff`, `antwort an`, `anlagen`, `feladó`, `címzett`, `küldő`, `küldve`, `elküldve`, `küldés dátuma`, `dátum`, `másolatot kap`, `másolat`, `tárgy`, `kitől`, `kinek`,
		`od`, `nadawca`, `do`, `dw`, `udw`, `wysłano`, `wysłane`, `data`, `data wysłania`, `temat`, `от`, `кому`, `кого`, `копия`, `дата`, `отправлено`, `отправитель`, `получатель`, `тема`, `za`, `kp`, `poslano`, `zadeva`, `pošiljatelj`, `prejemnik`,
		`de`, `à`, `envoyé(?: le)?`, `objet`, `para`, `enviado(?: el| em)?`, `asunto`, `assunto`, `fecha`, `da`, `a`, `inviato`, `oggetto`, `risposta`, `rispondi a`, `responder a`, `répondre à`, `válaszcím`, `odpowiedz do`, `odpowiedź do`, `ответить`, `кому ответить`, `odgovori na`, `odgovor na`, `van`, `aan`, `verzonden`, `onderwerp`, `från`, `till`, `skickat`, `ämne`, `fra`, `til`, `emne`, `komu`, `odesláno`, `předmět`, `predmet`, `lähettäjä`, `aihe`,
	}, "|") + `)\*?\s?[:：]\*?(?:\s*[^\s/]|$)`)
)

// endsAnnouncement says whether a line ends as announcements do: with a colon, an address or hyphens.
func endsAnnouncement(l string) bool {
	last := l[strings.LastIndexByte(l, ' ')+1:]
	return strings.HasSuffix(l, ":") || strings.HasSuffix(l, "：") || strings.HasSuffix(l, "----") || strings.Contains(last, "@") || strings.HasSuffix(l, "geschreven")
}

// kindOf tells what a line is.
func kindOf(l string) byte {
	trimmed := strings.TrimSpace(l)
	switch {
	case trimmed == "":
		return empty
	case len(l) > 1000:
		return text
	case endsAnnouncement(trimmed) && strings.ContainsAny(l, "@0123456789<") && announces.MatchString(l):
		return wrote
	case quoteLine.MatchString(l):
		return quote
	case delimits.MatchString(l) || dashes.MatchString(strings.TrimLeft(l, " ")):
		return delimiter
	case headName.MatchString(l):
		return headLine
	case phones.MatchString(l):
		return signature
	}
	return text
}

var (
	// How an announcement begins that a mailer may have broken over lines.
	opensOn   = regexp.MustCompile(`(?i)^[ \t>]*(?:on|am|den|le|el|il|em|op|at|w dniu|dne|dnia|pe|v|\d{4}-\d\d-\d\d|\d{4}\. \p{L}+|\d{1,2}\.? ?\p{L}{3,12}\.? \d{4})\s`)
	opensName = regexp.MustCompile(`^[^>]{3,120}<[^\s<>]+@[^\s<>]+>?`)
)

// maxBroken is how many lines an announcement may be broken over, with empty ones between.
const maxBroken = 7

// tidy evens out what mailers do to lines, and joins announcements that they broke.
func tidy(s string) []string {
	s = strings.NewReplacer("\r\n", "\n", "\u00a0", " ", "\u202f", " ", "\u200e", "", "\u200f", "", "\u200b", "").Replace(s)
	lines := strings.Split(strings.Trim(s, "\n"), "\n")
	lines = lines[:min(len(lines), maxLines)]
	var out []string
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if n := broken(lines[i:]); n > 1 {
			l = joined(lines[i : i+n])
			i += n - 1
		}
		out = append(out, l)
	}
	return out
}

// broken says how many lines make up the announcement that begins at the first; 1 when none does.
func broken(lines []string) int {
	if len(lines[0]) > 300 || !opensOn.MatchString(lines[0]) && !opensName.MatchString(lines[0]) || kindOf(lines[0]) == wrote {
		return 1
	}
	for n := 2; n <= min(maxBroken, len(lines)); n++ {
		last := strings.TrimSpace(lines[n-1])
		if len(last) > 300 || opensOn.MatchString(lines[n-1]) && kindOf(lines[n-1]) == wrote {
			return 1
		}
		if strings.HasSuffix(last, ":") && kindOf(joined(lines[:n])) == wrote {
			return n
		}
	}
	return 1
}

func joined(lines []string) string {
	return strings.Join(strings.Fields(strings.Join(lines, " ")), " ")
}

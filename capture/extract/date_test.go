package extract

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func sheetOf(text, language string) *sheet {
	s := newSheet(typed(text))
	s.scan(lexicons(), language)
	return s
}

func TestDateForms(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, language, want string }{
		{"14 March 2026", "en", "2026-03-14"},
		{"March 14th, 2026", "en", "2026-03-14"},
		{"14th of March, 2026", "en", "2026-03-14"},
		{"Sept. 3, 2026", "en", "2026-09-03"},
		{"Ist June 2026", "en", "2026-06-01"},
		{"14-Mar-2026", "en", "2026-03-14"},
		{"2026-03-14", "en", "2026-03-14"},
		{"14/03/2026", "en", "2026-03-14"},
		{"14.03.2026", "de", "2026-03-14"},
		{"14. 3. 26", "de", "2026-03-14"},
		{"14. März 2026", "de", "2026-03-14"},
		{"14. Jänner 2026", "de", "2026-01-14"},
		{"I4.O3.2O26", "de", "2026-03-14"},
		{"14.03.2O26", "de", "2026-03-14"},
		{"2026. március 14.", "hu", "2026-03-14"},
		{"2026. március 14-én", "hu", "2026-03-14"},
		{"2026.03.14.", "hu", "2026-03-14"},
		{"2026. III. 14.", "hu", "2026-03-14"},
		{"2026. márc. 14.", "hu", "2026-03-14"},
		{"14 marca 2026 r.", "pl", "2026-03-14"},
		{"14.03.2026r.", "pl", "2026-03-14"},
		{"14 III 2026", "pl", "2026-03-14"},
		{"14 марта 2026 г.", "ru", "2026-03-14"},
		{"14 марта 2026 года", "ru", "2026-03-14"},
		{"14. marca 2026", "sl", "2026-03-14"},
		{"14. 3. 2026", "sl", "2026-03-14"},
		{"31.02.2026", "de", ""},
		{"12.34.56.78", "de", ""},
		{"Tel. 01.02.03.04.05", "de", ""},
	} {
		var got string
		if days := sheetOf("x "+c.text+" x", c.language).dates(false, received); len(days) > 0 {
			got = days[0].date.Format(isoDay)
		}
		if got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.language, c.text, got, c.want)
		}
	}
}

func TestMonthFirstOnlyInAmerica(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"Date: 03/04/2026\n\nDear Sir,\n\nI paid £20.\n", "2026-04-03"},
		{"Springfield, IL 62701\n\nDate: 03/04/2026\n\nDear Sir,\n\nI paid $20.00.\n", "2026-03-04"},
	} {
		v := New(nil, House{}).Extract(typed(c.text), "en", time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC))["letter_date"]
		if v.Value != c.want || v.Confidence > 0.9 {
			t.Errorf("%q: got %s with confidence %.2f; an ambiguous date must not be sure", c.text, v.Value, v.Confidence)
		}
	}
}

// monthNames as they stand in dates.
var monthNames = map[string]string{
	"en": "January February March April May June July August September October November December",
	"de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
	"hu": "január február március április május június július augusztus szeptember október november december",
	"pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
	"ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
	"sl": "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
}

// forms write a day in a language.
var forms = map[string][]func(y, m, d int, month string) string{
	"en": {
		func(y, _, d int, month string) string { return fmt.Sprintf("%d %s %d", d, month, y) },
		func(y, _, d int, month string) string { return fmt.Sprintf("%s %d, %d", month, d, y) },
		func(y, m, d int, _ string) string { return fmt.Sprintf("%04d-%02d-%02d", y, m, d) },
		func(y, m, d int, _ string) string { return fmt.Sprintf("%02d/%02d/%d", d, m, y) },
	},
	"de": {
		func(y, _, d int, month string) string { return fmt.Sprintf("%d. %s %d", d, month, y) },
		func(y, m, d int, _ string) string { return fmt.Sprintf("%d.%d.%02d", d, m, y%100) },
	},
	"hu": {
		func(y, _, d int, month string) string { return fmt.Sprintf("%d. %s %d.", y, month, d) },
		func(y, m, d int, _ string) string { return fmt.Sprintf("%d. %02d. %02d.", y, m, d) },
	},
	"pl": {
		func(y, _, d int, month string) string { return fmt.Sprintf("%d %s %d r.", d, month, y) },
		func(y, m, d int, _ string) string { return fmt.Sprintf("%02d.%02d.%d r.", d, m, y) },
	},
	"ru": {
		func(y, _, d int, month string) string { return fmt.Sprintf("%d %s %d г.", d, month, y) },
		func(y, m, d int, _ string) string { return fmt.Sprintf("%02d.%02d.%d", d, m, y) },
	},
	"sl": {
		func(y, _, d int, month string) string { return fmt.Sprintf("%d. %s %d", d, month, y) },
		func(y, m, d int, _ string) string { return fmt.Sprintf("%d. %d. %d", d, m, y) },
	},
}

// TestEveryDayIsReadBack writes random days in every form and reads them again.
func TestEveryDayIsReadBack(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for language, fs := range forms {
		names := strings.Fields(monthNames[language])
		for range 300 {
			day := time.Date(2000+random.IntN(27), time.Month(1+random.IntN(12)), 1+random.IntN(28), 0, 0, 0, 0, time.UTC)
			y, m, d := day.Date()
			text := fs[random.IntN(len(fs))](y, int(m), d, names[m-1])
			got := sheetOf(text, language).dates(false, received)
			if len(got) != 1 || !got[0].date.Equal(day) {
				t.Fatalf("%s %q: got %v", language, text, got)
			}
		}
	}
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ language, text, want string }{
		{"en", "Please answer within 14 days.", "2026-03-28"},
		{"en", "Please pay within ten working days.", "2026-03-27"},
		{"en", "I expect your answer by 30 April.", "2026-04-30"},
		{"de", "Ich erwarte Ihre Antwort binnen 14 Tagen.", "2026-03-28"},
		{"de", "Bitte zahlen Sie innerhalb von zwei Wochen.", "2026-03-28"},
		{"de", "Bitte antworten Sie bis zum 30. April 2026.", "2026-04-30"},
		{"hu", "Kérem, 14 napon belül válaszoljanak.", "2026-03-28"},
		{"hu", "Kérem, április 30-ig válaszoljanak.", "2026-04-30"},
		{"hu", "Kérem válaszukat 2026.04.30-ig.", "2026-04-30"},
		{"pl", "Proszę o odpowiedź w terminie 14 dni.", "2026-03-28"},
		{"pl", "Proszę o odpowiedź do dnia 30 kwietnia 2026 r.", "2026-04-30"},
		{"ru", "Прошу ответить в течение 14 дней.", "2026-03-28"},
		{"ru", "Прошу ответить не позднее 30 апреля 2026 г.", "2026-04-30"},
		{"sl", "Prosim za odgovor v 14 dneh.", "2026-03-28"},
		{"sl", "Prosim za odgovor najkasneje do 30. aprila 2026.", "2026-04-30"},
		{"en", "You promised delivery within 5 days.", ""},
		{"de", "Der Vertrag lief bis zum 1. Februar 2026.", ""},
	} {
		text := "Datum: 2026-03-14\n\n" + map[string]string{"en": "Dear Sir", "de": "Sehr geehrte Damen", "hu": "Tisztelt Uram", "pl": "Szanowni Państwo", "ru": "Уважаемые господа", "sl": "Spoštovani"}[c.language] + ",\n\n" + c.text + "\n"
		if got := New(nil, House{}).Extract(typed(text), c.language, received).Get("deadline"); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.language, c.text, got, c.want)
		}
	}
}

package web

import (
	"testing"
	"time"

	"docket/taxonomy"
)

// nb is the no-break space that keeps a number and its unit together.
const nb = "\u00a0"

// TestLocales writes the same days, numbers and sums in every language of the interface, as CLDR has them.
func TestLocales(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 4, 9, 5, 0, 0, time.UTC)
	for code, want := range map[string]struct{ date, instant, number, percent, small, kilo, mega, giga, sum string }{
		"en": {"4 Mar 2026", "4 Mar 2026 09:05", "1,234,567", "97%", "999" + nb + "B", "1.5" + nb + "kB", "12" + nb + "MB", "2.5" + nb + "GB", "12,345.60" + nb + "EUR"},
		"de": {"04.03.2026", "04.03.2026 09:05", "1.234.567", "97" + nb + "%", "999" + nb + "B", "1,5" + nb + "kB", "12" + nb + "MB", "2,5" + nb + "GB", "12.345,60" + nb + "EUR"},
		"hu": {"2026. 03. 04.", "2026. 03. 04. 09:05", "1" + nb + "234" + nb + "567", "97%", "999" + nb + "B", "1,5" + nb + "kB", "12" + nb + "MB", "2,5" + nb + "GB", "12" + nb + "345,60" + nb + "EUR"},
		"pl": {"04.03.2026", "04.03.2026 09:05", "1" + nb + "234" + nb + "567", "97%", "999" + nb + "B", "1,5" + nb + "kB", "12" + nb + "MB", "2,5" + nb + "GB", "12" + nb + "345,60" + nb + "EUR"},
		"ru": {"04.03.2026", "04.03.2026 09:05", "1" + nb + "234" + nb + "567", "97" + nb + "%", "999" + nb + "Б", "1,5" + nb + "кБ", "12" + nb + "МБ", "2,5" + nb + "ГБ", "12" + nb + "345,60" + nb + "EUR"},
		"sl": {"4. 3. 2026", "4. 3. 2026 09:05", "1.234.567", "97" + nb + "%", "999" + nb + "B", "1,5" + nb + "kB", "12" + nb + "MB", "2,5" + nb + "GB", "12.345,60" + nb + "EUR"},
	} {
		l := all[code]
		if l == nil {
			t.Errorf("%s: no such language", code)
			continue
		}
		for _, c := range [][2]string{
			{l.Date(at), want.date}, {l.Instant(at), want.instant}, {l.Number(1234567), want.number}, {l.Percent(0.979), want.percent},
			{l.Size(999), want.small}, {l.Size(1500), want.kilo}, {l.Size(12_300_000), want.mega}, {l.Size(2_500_000_000), want.giga},
			{l.Sum("12345.60 EUR"), want.sum},
		} {
			if c[0] != c[1] {
				t.Errorf("%s: %q, want %q", code, c[0], c[1])
			}
		}
	}
}

// TestAgo counts in the plural of every language, and gives the date when it is long ago or yet to come.
func TestAgo(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		code string
		ago  time.Duration
		want string
	}{
		{"en", 10 * time.Second, "just now"}, {"en", time.Minute, "1 minute ago"}, {"en", 59 * time.Minute, "59 minutes ago"}, {"en", 25 * time.Hour, "1 day ago"},
		{"en", 8 * 24 * time.Hour, "6 Mar 2026"}, {"en", -time.Hour, "14 Mar 2026"},
		{"de", time.Hour, "vor 1 Stunde"}, {"de", 3 * 24 * time.Hour, "vor 3 Tagen"},
		{"hu", 5 * time.Minute, "5 perce"}, {"hu", 2 * time.Hour, "2 órája"},
		{"pl", 2 * time.Hour, "2 godziny temu"}, {"pl", 5 * time.Hour, "5 godzin temu"}, {"pl", 22 * time.Minute, "22 minuty temu"},
		{"ru", 21 * time.Minute, "21 минуту назад"}, {"ru", 11 * time.Minute, "11 минут назад"}, {"ru", 3 * 24 * time.Hour, "3 дня назад"},
		{"sl", 2 * time.Hour, "pred 2" + nb + "urama"}, {"sl", 3 * time.Minute, "pred 3" + nb + "minutami"}, {"sl", 24 * time.Hour, "pred 1" + nb + "dnevom"},
	} {
		if got := all[c.code].Ago(now.Add(-c.ago), now); got != c.want {
			t.Errorf("%s, %v ago: %q, want %q", c.code, c.ago, got, c.want)
		}
	}
	if got := all["en"].Ago(time.Time{}, now); got != "" {
		t.Errorf("no time: %q", got)
	}
}

// TestShownValues writes what is stored in the normal form as the language does, and leaves alone what is not in it.
func TestShownValues(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := taxonomy.LoadPack()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		code  string
		field taxonomy.FieldID
		value string
		want  string
	}{
		{"de", taxonomy.LetterDate, "2026-03-04", "04.03.2026"},
		{"hu", taxonomy.LetterDate, "2026-03-04", "2026. 03. 04."},
		{"de", taxonomy.LetterDate, "last week", "last week"},
		{"pl", taxonomy.Amount, "1234.50 PLN", "1" + nb + "234,50" + nb + "PLN"},
		{"sl", taxonomy.Amount, "-0.99 EUR", "−0,99" + nb + "EUR"},
		{"en", taxonomy.Amount, "87540.00 HUF", "87,540.00" + nb + "HUF"},
		{"de", taxonomy.Amount, "a lot", "a lot"},
		{"de", taxonomy.Amount, "12345678901234567890.00 EUR", "12345678901234567890.00 EUR"},
		{"de", taxonomy.Remedy, "refund", "Rückerstattung"},
		{"de", taxonomy.CustomerNumber, "2026-03-04", "2026-03-04"},
	} {
		if got := all[s.code].Shown(&pack.Catalogue, s.field, s.value); got != s.want {
			t.Errorf("%s: %s %q: %q, want %q", s.code, s.field, s.value, got, s.want)
		}
	}
}

// TestTypedValues: what the desk shows in a field is what people of the language write, and is read back as the same value.
func TestTypedValues(t *testing.T) {
	t.Parallel()
	all, err := locales()
	if err != nil {
		t.Fatal(err)
	}
	for code, want := range map[string][2]string{
		"en": {"4 Mar 2026", "-12,345.60" + nb + "EUR"}, "de": {"04.03.2026", "-12.345,60" + nb + "EUR"}, "hu": {"2026. 03. 04.", "-12" + nb + "345,60" + nb + "EUR"},
		"pl": {"04.03.2026", "-12" + nb + "345,60" + nb + "EUR"}, "ru": {"04.03.2026", "-12" + nb + "345,60" + nb + "EUR"}, "sl": {"4. 3. 2026", "-12345.60 EUR"},
	} {
		for i, c := range []struct {
			kind  taxonomy.FieldType
			value string
		}{{taxonomy.DateField, "2026-03-04"}, {taxonomy.AmountField, "-12345.60 EUR"}} {
			shown := all[code].Typed(c.kind, c.value)
			back, err := c.kind.Typed(shown)
			if shown != want[i] || back != c.value || err != nil {
				t.Errorf("%s: %s is shown as %q, want %q, and read back as %q, %v", code, c.value, shown, want[i], back, err)
			}
		}
	}
	for _, c := range []struct {
		kind  taxonomy.FieldType
		value string
	}{{taxonomy.DateField, "31.2.2026"}, {taxonomy.DateField, ""}, {taxonomy.AmountField, "many"}, {taxonomy.TextField, "2026-03-04"}} {
		if shown := all["de"].Typed(c.kind, c.value); shown != c.value {
			t.Errorf("%s %q became %q", c.kind, c.value, shown)
		}
	}
}

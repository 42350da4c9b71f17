package letter

import (
	"fmt"
	"strings"
	"time"
)

// months are their names as they stand in a date.
var months = map[string][]string{
	"en": strings.Fields("January February March April May June July August September October November December"),
	"de": strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
	"hu": strings.Fields("január február március április május június július augusztus szeptember október november december"),
	"pl": strings.Fields("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia"),
	"ru": strings.Fields("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"),
	"sl": strings.Fields("januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra"),
}

// dayIn is a day in the words of a language; the house's six are known, others are written as English.
func dayIn(language string, t time.Time) string {
	y, m, d := t.Date()
	names, ok := months[language]
	if !ok {
		language, names = "en", months["en"]
	}
	month := names[m-1]
	switch language {
	case "de", "sl":
		return fmt.Sprintf("%d. %s %d", d, month, y)
	case "hu":
		return fmt.Sprintf("%d. %s %d.", y, month, d)
	case "pl":
		return fmt.Sprintf("%d %s %d r.", d, month, y)
	case "ru":
		return fmt.Sprintf("%d %s %d г.", d, month, y)
	}
	return fmt.Sprintf("%d %s %d", d, month, y)
}

// Size is a number of bytes as people read it, with the language's decimal sign.
func Size(language string, n int64) string {
	kb, mb := "kB", "MB"
	if language == "ru" {
		kb, mb = "КБ", "МБ"
	}
	if n < 1_000_000 {
		return fmt.Sprintf("%d %s", max((n+999)/1000, min(n, 1)), kb)
	}
	s := fmt.Sprintf("%.1f %s", float64(n)/1e6, mb)
	if language != "en" {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

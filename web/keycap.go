package web

import (
	"html/template"
	"strings"
)

// keyName is what keys that are pressed together are called on keyboards of the language: "Ctrl+Enter" is "Strg+Enter" in German.
// Keys that have no message, such as letters, are called as they are.
func (l *Locale) keyName(keys string) string { return strings.Join(l.keyNames(keys), "+") }

// keyCaps draws keys that are pressed together, one after the other.
func (l *Locale) keyCaps(keys string) template.HTML {
	var caps []string
	for _, name := range l.keyNames(keys) {
		caps = append(caps, "<kbd>"+template.HTMLEscapeString(name)+"</kbd>")
	}
	return template.HTML(strings.Join(caps, " "))
}

func (l *Locale) keyNames(keys string) []string {
	names := strings.Split(keys, "+")
	for i, name := range names {
		message := "key." + strings.ToLower(name)
		if words := l.T(message); words != message {
			names[i] = words
		}
	}
	return names
}

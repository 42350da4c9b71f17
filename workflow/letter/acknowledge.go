package letter

import (
	"embed"
	"fmt"
	"sync"
)

//go:embed acknowledgement/*.txt
var acknowledgements embed.FS

// shipped are the acknowledgements by language.
var shipped = sync.OnceValues(func() (map[string]*Template, error) {
	all := map[string]*Template{}
	for language := range months {
		source, err := acknowledgements.ReadFile("acknowledgement/" + language + ".txt")
		if err != nil {
			return nil, err
		}
		if all[language], err = ParseTemplate(language, string(source)); err != nil {
			return nil, fmt.Errorf("the acknowledgement in %s: %w", language, err)
		}
	}
	return all, nil
})

// Acknowledgement is the text that says that something was received, in the first of some languages that there is one in, else in
// English, and that language.
func Acknowledgement(languages ...string) (*Template, string, error) {
	all, err := shipped()
	if err != nil {
		return nil, "", err
	}
	for _, l := range languages {
		if t, ok := all[l]; ok {
			return t, l, nil
		}
	}
	return all["en"], "en", nil
}

package tesseract

// habitPages is how many pages in a row make a habit.
const habitPages = 4

// A habit is the language of the pages read last. Most houses get most of their post in one language.
type habit struct {
	last  string
	pages int // in a row
}

// note takes in the language of a page.
func (h *habit) note(language string) {
	if language != h.last {
		*h = habit{last: language}
	}
	h.pages++
}

// language is what the next page will likely be in, "" when that is open.
func (h *habit) language() string {
	if h.pages < habitPages {
		return ""
	}
	return h.last
}

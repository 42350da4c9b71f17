package search

func (m *matcher) suggestion(query string, n node) string { return "" }

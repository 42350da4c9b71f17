package search

func (m *matcher) refine(scores *scores, window int) error { return nil }

package web

import (
	"sync"

	"docket/taxonomy"
	"docket/workflow"
)

// namesIn gives what sentences name, as they name it, in a language: classes and fields by their titles in the house's language,
// terms and roles by their IDs. It is made again when somebody has changed a definition.
func (s *Server) namesIn(l *Locale) func() map[string]string {
	var mu sync.Mutex
	var of *taxonomy.Catalogue
	names := l.roleNames()
	return func() map[string]string {
		if s.config.Plan == nil {
			return names
		}
		c := s.config.Plan.Known()
		mu.Lock()
		defer mu.Unlock()
		if c != of {
			of, names = c, l.roleNames()
			addNames(names, c, l.Code)
		}
		return names
	}
}

func (l *Locale) roleNames() map[string]string {
	names := map[string]string{}
	for _, r := range workflow.Roles {
		names[string(r)] = l.T("role." + string(r))
	}
	return names
}

// tree is the file plan with its categories called as the reader's language calls them.
func (s *Server) tree(v *visit) ([]taxonomy.Node, error) {
	nodes, err := s.config.Plan.Tree(v.ctx(), v.pool(), v.reader())
	for i, n := range nodes {
		nodes[i].Title = n.Titles.In(v.Code, n.Title)
	}
	return nodes, err
}

// addNames adds those of a catalogue. What the house calls by one name in two languages is the first that is defined.
func addNames(names map[string]string, c *taxonomy.Catalogue, language string) {
	add := func(id string, titles taxonomy.Titles) {
		if name := titles.In(c.Language, id); names[name] == "" {
			names[name] = titles.In(language, id)
		}
	}
	for _, class := range c.Classes {
		add(string(class.ID), class.Titles)
	}
	for _, field := range c.Fields {
		add(string(field.ID), field.Titles)
		for _, term := range c.Vocabularies[field.ID] {
			if names[term.ID] == "" {
				names[term.ID] = term.Titles.In(language, term.ID)
			}
		}
	}
}

package taxonomy

import (
	"fmt"
	"slices"
	"sync"

	"docket/repository/fault"
)

// A Stamp is something that the house's people put on pages, as they would with rubber and ink. Its colour is one of
// stampColours.
type Stamp struct {
	ID     string `json:"id"`
	Colour string `json:"colour"`
	Titles Titles `json:"titles"`
}

// stampColours are the colours that stamps are drawn in.
var stampColours = []string{"blue", "green", "grey", "red"}

// LoadStamps reads and checks the stamps that ship with the program: pack/stamps.json. The result is shared: do not change it.
var LoadStamps = sync.OnceValues(func() ([]Stamp, error) {
	var file struct {
		Stamps []Stamp `json:"stamps"`
	}
	if err := readJSON(packFiles, "pack/stamps.json", &file); err != nil {
		return nil, err
	}
	for _, s := range file.Stamps {
		if s.ID == "" || len(s.ID) > 40 || !slices.Contains(stampColours, s.Colour) {
			return nil, fmt.Errorf("pack/stamps.json: stamp %q has no ID or no colour that is known", s.ID)
		}
	}
	return file.Stamps, nil
})

// FindStamp gives a stamp of the house, or a fault of kind Invalid.
func FindStamp(id string) (Stamp, error) {
	all, err := LoadStamps()
	if err != nil {
		return Stamp{}, err
	}
	i := slices.IndexFunc(all, func(s Stamp) bool { return s.ID == id })
	if i < 0 {
		return Stamp{}, fault.New(fault.Invalid, "The house has no stamp “%.40s”. Nothing was saved.", id)
	}
	return all[i], nil
}

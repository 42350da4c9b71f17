package main

import (
	"encoding/json"
	"os"

	"docket/capture/extract"
	"docket/capture/sample"
	"docket/repository/fault"
)

// house is who we are: never the sender of a letter. Without a file we are the house to which the sample post is addressed.
func house(file string) (extract.House, error) {
	if file == "" {
		return sampleHouse(), nil
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return extract.House{}, fault.Wrap(err, fault.Invalid, "The file %s, which --house names, cannot be read.", file)
	}
	var h extract.House
	if err := json.Unmarshal(raw, &h); err != nil {
		return extract.House{}, fault.Wrap(err, fault.Invalid, "The file %s, which --house names, is not the JSON it should be: %v.", file, err)
	}
	return h, nil
}

func sampleHouse() extract.House {
	var h extract.House
	for _, own := range sample.Houses {
		h.Names = append(h.Names, own.Name)
		h.Addresses = append(h.Addresses, own.Street+", "+own.Postcode+" "+own.Town)
		h.Emails = append(h.Emails, own.Email)
	}
	return h
}

// Command make trains the model that package pretrained embeds, unless it is there already, and removes older ones. It is run
// by `make`, from the project's root.
package main

import (
	"bytes"
	"log"
	"os"
	"path/filepath"

	"docket/capture/detect"
	"docket/capture/detect/pretrained"
	"docket/taxonomy"
)

func main() {
	log.SetFlags(0)
	if err := run("capture/detect/pretrained/model"); err != nil {
		log.Fatal("train the detection model: ", err)
	}
}

func run(folder string) error {
	wanted := filepath.Join(folder, pretrained.File())
	if _, err := os.Stat(wanted); err == nil {
		return nil
	}
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return err
	}
	model, err := detect.Default(pack.Classes)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if err := model.Encode(&content); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(folder, "*.model"))
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	return os.WriteFile(wanted, content.Bytes(), 0o644)
}

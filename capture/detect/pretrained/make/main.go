// Command make trains the model that package pretrained embeds and removes older ones. It is run by `make`, from the project's
// root, when the material or the training has changed.
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
	return os.WriteFile(filepath.Join(folder, pretrained.File()), content.Bytes(), 0o644)
}

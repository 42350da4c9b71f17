package tesseract

import (
	"testing"

	"docket/repository"

	"github.com/google/go-cmp/cmp"
)

func TestInRows(t *testing.T) {
	t.Parallel()
	at := func(s string, x, y int) repository.Word {
		return repository.Word{Text: s, Box: repository.Box{X: x, Y: y, W: 30, H: 10}}
	}
	l := repository.Layout{Words: inRows([]repository.Word{
		at("72-31", 300, 12), at("Title", 0, 26), at("Brand", 0, 10), at("BELAIR", 100, 9), at("Project", 200, 11), at("Wind", 100, 27), at("Signature", 0, 90),
	})}
	if diff := cmp.Diff("Brand BELAIR Project 72-31\nTitle Wind\n\nSignature", l.Text()); diff != "" {
		t.Error(diff)
	}
	if got := inRows(nil); len(got) != 0 {
		t.Errorf("%v of nothing", got)
	}
}

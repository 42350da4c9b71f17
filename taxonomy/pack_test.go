package taxonomy

import "testing"

func TestShippedPack(t *testing.T) {
	t.Parallel()
	if _, err := LoadPack(); err != nil {
		t.Fatal(err)
	}
}

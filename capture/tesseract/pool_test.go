package tesseract

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docket/repository/fault"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// TestMain makes the test binary serve as its own children.
func TestMain(m *testing.M) {
	switch {
	case len(os.Args) > 1 && os.Args[1] == "ocr":
		if err := Serve(os.Stdin, os.Stdout, limits(os.Args[2:])); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	case len(os.Args) > 1 && os.Args[1] == "hang":
		_, _ = io.Copy(io.Discard, os.Stdin)
		time.Sleep(time.Hour)
	case len(os.Args) > 1 && os.Args[1] == "crash":
		fmt.Fprintln(os.Stderr, "out of cheese")
		os.Exit(3)
	}
	os.Exit(m.Run())
}

func limits(args []string) Limits {
	var l Limits
	f := flag.NewFlagSet("ocr", flag.ContinueOnError)
	f.Uint64Var(&l.Memory, "memory", 0, "")
	f.Uint64Var(&l.Seconds, "seconds", 0, "")
	_ = f.Parse(args)
	return l
}

func newPool(t *testing.T, c Config, word string) *Pool {
	t.Helper()
	c.Command = []string{os.Args[0], word}
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// paper is an image that is white. Like all that these tests draw it works on the pixels themselves: under the race detector an
// image's methods take minutes.
func paper(bounds image.Rectangle) *image.Gray {
	m := image.NewGray(bounds)
	m.Pix[0] = 255
	for n := 1; n < len(m.Pix); n *= 2 {
		copy(m.Pix[n:], m.Pix[:n])
	}
	return m
}

// letter draws a text on A4 at a resolution, as 11-point type.
func letter(t *testing.T, text string, dpi int) *image.Gray {
	t.Helper()
	f, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: 11, DPI: float64(dpi)})
	if err != nil {
		t.Fatal(err)
	}
	m := paper(image.Rect(0, 0, dpi*827/100, dpi*1169/100))
	d := font.Drawer{Dst: m, Src: image.Black, Face: face}
	margin, x, y := fixed.I(dpi), fixed.I(dpi), dpi
	for _, w := range strings.Fields(text) {
		if x+d.MeasureString(w) > fixed.I(m.Rect.Dx())-margin {
			x, y = margin, y+dpi/4
		}
		d.Dot = fixed.Point26_6{X: x, Y: fixed.I(y)}
		d.DrawString(w + " ")
		x = d.Dot.X
	}
	return m
}

func save(t *testing.T, m image.Image) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "page.png")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(f, m); err != nil {
		t.Fatal(err)
	}
	return name
}

// quarter turns an image clockwise by 90 degrees.
func quarter(m *image.Gray) *image.Gray {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, h, w))
	for y := range h {
		for x, v := range m.Pix[y*m.Stride : y*m.Stride+w] {
			out.Pix[x*out.Stride+h-1-y] = v
		}
	}
	return out
}

// skewed turns an image about its middle by degrees clockwise: each pixel is what lies between four of the image.
func skewed(m *image.Gray, degrees float64) *image.Gray {
	out := paper(m.Rect)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := m.Rect.Dx(), m.Rect.Dy()
	cx, cy := float64(w-1)/2, float64(h-1)/2
	for y := range h {
		line := out.Pix[y*out.Stride : y*out.Stride+w]
		for x := range line {
			dx, dy := float64(x)-cx, float64(y)-cy
			fx, fy := cx+cos*dx+sin*dy, cy-sin*dx+cos*dy
			left, top := int(math.Floor(fx)), int(math.Floor(fy))
			if left < 0 || top < 0 || left+1 >= w || top+1 >= h {
				continue
			}
			fx, fy = fx-float64(left), fy-float64(top)
			p := m.Pix[top*m.Stride+left:]
			upper := (1-fx)*float64(p[0]) + fx*float64(p[1])
			lower := (1-fx)*float64(p[m.Stride]) + fx*float64(p[m.Stride+1])
			line[x] = uint8(math.Round((1-fy)*upper + fy*lower))
		}
	}
	return out
}

// banners turns every second quarter inch of an image over: its text stands light on a dark ground there.
func banners(m *image.Gray, dpi int) *image.Gray {
	for y := dpi * 7 / 8; y < m.Rect.Dy(); y += dpi / 2 {
		for row := y; row < min(y+dpi/4-dpi/50, m.Rect.Dy()); row++ {
			for x := dpi / 2; x < m.Rect.Dx()-dpi/2; x++ {
				m.Pix[row*m.Stride+x] ^= 255
			}
		}
	}
	return m
}

// peppered throws black dots of one pixel on an image.
func peppered(m *image.Gray, every int) *image.Gray {
	seed := uint32(1)
	for i := range m.Pix {
		if seed = seed*1664525 + 1013904223; int(seed>>8)%every == 0 {
			m.Pix[i] = 0
		}
	}
	return m
}

// grainy darkens paper and roughens it, as a scanner with poor light does.
func grainy(m *image.Gray) *image.Gray {
	seed := uint32(7)
	for i, p := range m.Pix {
		noise := 0
		for range 4 { // the sum of some is nearly normal
			seed = seed*1664525 + 1013904223
			noise += int(seed>>24) % 20
		}
		m.Pix[i] = uint8(int(p)*5/8 + noise)
	}
	return m
}

// recall is the share of the words of want that got has.
func recall(want, got string) float64 {
	have := map[string]int{}
	for w := range strings.FieldsSeq(got) {
		have[w]++
	}
	words := strings.Fields(want)
	n := 0
	for _, w := range words {
		if have[w] > 0 {
			have[w]--
			n++
		}
	}
	return float64(n) / float64(len(words))
}

func sampleText(t *testing.T, language string) string {
	t.Helper()
	b, err := texts.ReadFile("languages/" + language + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(b), "\n")
	return first
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 2}, "ocr")
	upright := func(m *image.Gray) *image.Gray { return m }
	cases := []struct {
		name, language string
		dpi            int
		change         func(*image.Gray) *image.Gray
		rotated        int
		skew           float64
	}{
		{"English", "en", 200, upright, 0, 0},
		{"German at low resolution", "de", 100, upright, 0, 0},
		{"Hungarian", "hu", 150, upright, 0, 0},
		{"Hungarian at high resolution, on its side and skewed", "hu", 400, func(m *image.Gray) *image.Gray { return quarter(skewed(m, 2)) }, 270, -2},
		{"Polish with specks", "pl", 200, func(m *image.Gray) *image.Gray { return peppered(m, 300) }, 0, 0},
		{"Russian", "ru", 150, upright, 0, 0},
		{"Slovenian, skewed", "sl", 200, func(m *image.Gray) *image.Gray { return skewed(m, 3) }, 0, -3},
		{"German on its side", "de", 200, quarter, 270, 0},
		{"English on dark banners", "en", 200, func(m *image.Gray) *image.Gray { return banners(m, 200) }, 0, 0},
		{"English upside down", "en", 200, func(m *image.Gray) *image.Gray { return quarter(quarter(m)) }, 180, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := sampleText(t, c.language)
			r, err := p.Recognise(t.Context(), Page{File: save(t, c.change(letter(t, text, c.dpi)))})
			if err != nil {
				t.Fatal(err)
			}
			l := r.Layout
			if l.Language != c.language {
				t.Errorf("language %q, want %q", l.Language, c.language)
			}
			if l.Rotated != c.rotated {
				t.Errorf("turned by %d, want %d", l.Rotated, c.rotated)
			}
			if math.Abs(l.Skew-c.skew) > 0.2 {
				t.Errorf("straightened by %.2f degrees, want %.2f", l.Skew, c.skew)
			}
			if got := recall(text, l.Text()); got < 0.95 {
				t.Errorf("%.0f %% of the words were read:\n%s", 100*got, l.Text())
			}
			checkBoxes(t, r)
		})
	}
}

// checkBoxes looks whether the page image has ink where the words are said to be.
func checkBoxes(t *testing.T, r Result) {
	t.Helper()
	m, _, err := image.Decode(strings.NewReader(string(r.Image)))
	if err != nil {
		t.Fatal(err)
	}
	if b := m.Bounds(); b.Dx() != r.Layout.Width || b.Dy() != r.Layout.Height {
		t.Errorf("the image has %v, the layout %dx%d", b, r.Layout.Width, r.Layout.Height)
	}
	if _, _, err := image.Decode(strings.NewReader(string(r.Thumb))); err != nil {
		t.Errorf("thumbnail: %v", err)
	}
	for _, w := range r.Layout.Words {
		ink := 0
		for y := w.Box.Y; y < w.Box.Y+w.Box.H; y++ {
			for x := w.Box.X; x < w.Box.X+w.Box.W; x++ {
				if color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y < 128 {
					ink++
				}
			}
		}
		if ink*50 < w.Box.W*w.Box.H {
			t.Errorf("%q at %+v: %d dark pixels", w.Text, w.Box, ink)
		}
	}
}

// TestFewLetters reads pages whose ink is too little to be measured: they keep paper around it.
func TestFewLetters(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 2}, "ocr")
	for _, text := range []string{"PAID", "Box 12", "No. 4711"} {
		for _, dpi := range []int{150, 200, 300} {
			r, err := p.Recognise(t.Context(), Page{File: save(t, letter(t, text, dpi)), Hint: "en"})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.TrimSpace(r.Layout.Text()); got != text {
				t.Errorf("%q at %d dpi is read as %q", text, dpi, got)
			}
		}
	}
}

// TestLittleInkOnGrain reads the last page of a letter, whose grain must not be taken for letters: Tesseract would spend minutes on it.
func TestLittleInkOnGrain(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1}, "ocr")
	const text = "I look forward to your reply. Yours faithfully, Martin Whitfield"
	r, err := p.Recognise(t.Context(), Page{File: save(t, grainy(letter(t, text, 200))), Hint: "en", DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	if got := recall(text, r.Layout.Text()); got < 1 || len(r.Layout.Words) != len(strings.Fields(text)) {
		t.Errorf("read %q", r.Layout.Text())
	}
}

func TestBlankPage(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1}, "ocr")
	r, err := p.Recognise(t.Context(), Page{File: save(t, letter(t, "", 150)), Hint: "hu"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Layout.Words) != 0 || len(r.Image) == 0 || len(r.Thumb) == 0 {
		t.Errorf("%d words, image of %d, thumbnail of %d bytes", len(r.Layout.Words), len(r.Image), len(r.Thumb))
	}
}

func TestBrokenImages(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1}, "ocr")
	whole, err := os.ReadFile(save(t, letter(t, "Half a page is no page.", 100)))
	if err != nil {
		t.Fatal(err)
	}
	huge := append([]byte(nil), whole...)
	copy(huge[16:24], []byte{0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30}) // 30,000 by 30,000
	for name, c := range map[string]struct {
		data []byte
		kind fault.Kind
	}{
		"truncated": {whole[:60], fault.Invalid},
		"noise":     {[]byte("this is no image at all"), fault.Invalid},
		"too large": {huge, fault.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "x.png")
			if err := os.WriteFile(file, c.data, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := p.Recognise(t.Context(), Page{File: file}); fault.KindOf(err) != c.kind {
				t.Errorf("got %v of kind %q, want %q", err, fault.KindOf(err), c.kind)
			}
		})
	}
}

func TestDeadlineKillsChild(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1, PageTimeout: 200 * time.Millisecond}, "hang")
	if _, err := p.Recognise(t.Context(), Page{File: "x"}); fault.KindOf(err) != fault.Invalid || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want a fault about the deadline", err)
	}
}

func TestCallerGivesUp(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1}, "hang")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := p.Recognise(ctx, Page{File: "x"}); !errors.Is(err, context.DeadlineExceeded) || fault.KindOf(err) != fault.Internal {
		t.Errorf("got %v, want the context's error as it is", err)
	}
}

func TestCrashIsFault(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1}, "crash")
	_, err := p.Recognise(t.Context(), Page{File: "x"})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "out of cheese") {
		t.Errorf("got %v, want a fault with the child's last words", err)
	}
}

func TestChildrenAreReplaced(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1, PagesPerChild: 1}, "ocr")
	file := save(t, letter(t, "One", 100))
	for range 3 {
		if n, err := p.CountImages(t.Context(), file); err != nil || n != 1 {
			t.Fatalf("%d images, %v", n, err)
		}
	}
}

func TestLanguagesInstalled(t *testing.T) {
	t.Parallel()
	p := newPool(t, Config{Children: 1}, "ocr")
	got, err := p.Languages(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := "de en hu pl ru sl"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

package sample

import (
	"fmt"
	"strings"
	"time"

	"docket/taxonomy"
)

// Piece makes the piece number i, counted from 0.
func (b *Bag) Piece(i int) (Piece, error) {
	p := b.plans[i]
	if p.sameAs >= 0 {
		original, err := b.Piece(p.sameAs)
		original.Truth.SameAs = original.Name
		original.Name = b.name(i)
		original.Truth.File = original.Name
		return original, err
	}
	c := b.content(i)
	bytes, truth, err := c.render(p, b.options.Clean)
	if err != nil {
		return Piece{}, fmt.Errorf("piece %d: %w", i+1, err)
	}
	truth.File = b.name(i)
	truth.Party, truth.Matter = fmt.Sprintf("party-%05d", p.matter+1), fmt.Sprintf("matter-%05d", p.matter+1)
	if p.follows >= 0 {
		truth.Follows = b.name(p.follows)
	}
	return Piece{Name: truth.File, Bytes: bytes, Truth: truth}, nil
}

func (b *Bag) name(i int) string {
	return fmt.Sprintf("%05d.%s", i+1, b.plans[i].kind.extension())
}

// content is a worded and laid-out piece before it becomes a file.
type content struct {
	*letter
	pages []*sheet
}

// content words and lays out piece i. What must be one page, as pictures are, is worded again until it fits, at last tersely.
func (b *Bag) content(i int) content {
	p := b.plans[i]
	g := b.grammars[p.language]
	onePage := b.options.OnePage || p.kind == JPEG || p.kind == PNG
	for try := uint64(0); ; try++ {
		first := b.plans[p.matter]
		d := newDice(b.options.Seed, uint64(p.matter)*16+1)
		m := newMatter(g, d, first.class, p.language)
		own := newDice(b.options.Seed, uint64(i)*16+2+try*1000003)
		if p.turn > 0 {
			m.again(func(turn int) *dice { return newDice(b.options.Seed, uint64(p.matter)*16+8+uint64(turn)) }, p.turn)
		}
		if onePage && try > 2 {
			m.tone = "terse"
		}
		l := writeLetter(g, own, m)
		c := content{l, lay(l)}
		if !onePage || len(c.pages) == 1 || try > 50 {
			return c
		}
	}
}

// again makes a matter that of its later letters, one after the other, each recalling the one before. The dice of each turn are
// the same whichever letter is being written, so that they agree on the dates.
func (m *matter) again(turnDice func(turn int) *dice, turns int) {
	for turn := 1; turn <= turns; turn++ {
		d := turnDice(turn)
		m.earlier = m.written
		m.written = m.written.AddDate(0, 0, d.between(10, 28))
		m.ours = m.written.AddDate(0, 0, -d.between(3, 9))
		if m.tone == "polite" && d.chance(0.5) {
			m.tone = "angry"
		}
		if m.deadline.IsZero() {
			continue
		}
		m.deadline = m.written.AddDate(0, 0, d.between(7, 20))
		if m.within > 0 {
			m.deadline = m.written.AddDate(0, 0, m.within)
		}
	}
}

func lay(l *letter) []*sheet {
	switch l.class {
	case taxonomy.Form:
		return layForm(l)
	case taxonomy.Identity:
		return layIdentity(l)
	case taxonomy.Contract:
		return layContract(l)
	}
	return layLetter(l)
}

// render makes the file of a kind.
func (c content) render(p plan, spotless bool) ([]byte, Truth, error) {
	t := Truth{Class: c.class, Language: c.language, Kind: p.kind, Fields: c.fields}
	switch p.kind {
	case PDF:
		t.setPages(c.pages)
		data, err := encodePDF(c.pages, c.madeAt())
		return data, t, err
	case Text:
		t.Pages, t.Text = 1, c.plainText()
		return []byte(t.Text + "\n"), t, nil
	case Docx:
		t.Pages, t.Text = 1, c.plainText()
		data, err := encodeDocx(c.letter, c.madeAt())
		return data, t, err
	case Mail:
		return c.renderMail(t, spotless)
	}
	return c.renderScan(t, p, spotless)
}

// madeAt is a time of day on the day of the letter.
func (c content) madeAt() time.Time {
	return c.written.Add(9*time.Hour + time.Duration(c.cents%500)*time.Minute)
}

func (t *Truth) setPages(pages []*sheet) {
	t.Pages = len(pages)
	for _, s := range pages {
		t.PageTexts = append(t.PageTexts, s.text())
	}
	t.Text = strings.Join(t.PageTexts, "\f\n")
	if t.Pages == 1 {
		t.PageTexts = nil
	}
}

// renderScan scans the sheets and writes them as the kind says.
func (c content) renderScan(t Truth, p plan, spotless bool) ([]byte, Truth, error) {
	d := c.dice
	device := newScanner(d, p.dpi)
	if p.kind == Fax {
		device = newFax(d)
	}
	if spotless && p.kind != Fax {
		device = clean(p.dpi)
	}
	pages := c.pages
	if p.kind == TIFF && d.chance(0.5) { // many offices scan letters in black and white
		device.bilevel, device.noise, device.shade = true, min(device.noise, 5), 0
	}
	if p.kind != JPEG && p.kind != PDFScan {
		device.colour = false
	}
	var pictures []*picture
	for i, s := range pages {
		pictures = append(pictures, device.scan(s, c.faxHeader(p.kind, i+1), d))
	}
	t.setPages(pages)
	t.DPI, t.Skew, t.Turned = device.dpiX, round(device.skew), device.turned
	quality := d.between(45, 88)
	if spotless {
		quality = 90
	}
	data, err := encodePictures(p.kind, pictures, quality, c.madeAt())
	return data, t, err
}

func encodePictures(kind Kind, pictures []*picture, quality int, made time.Time) ([]byte, error) {
	switch kind {
	case JPEG:
		return encodeJPEG(pictures[0], quality)
	case PNG:
		return encodePNG(pictures[0])
	case PDFScan:
		return encodeScanPDF(pictures, quality, made)
	}
	return encodeTIFF(pictures, []int{lzw, deflate, plainPixels}[quality%3]), nil
}

// faxHeader is the line that a fax machine prints over each page.
func (c content) faxHeader(kind Kind, page int) *sheet {
	if kind != Fax {
		return nil
	}
	s := &sheet{}
	day := c.written.AddDate(0, 0, c.cents%3)
	s.print(40, 18, monoBold, 8, fmt.Sprintf("%s  %02d:%02d  FAX %s  P. %d", day.Format("02/01/2006"), 8+c.cents%9, c.cents%60, c.sender.phone, page), black)
	return s
}

package sample

import (
	"fmt"
	"runtime"
	"sync"

	"docket/taxonomy"
)

// Options say what a bag holds. Empty lists mean the shares of the package comment.
type Options struct {
	Pieces    int
	Seed      uint64
	Kinds     []Kind
	Classes   []taxonomy.ClassID
	Languages []string
	DPI       []int // resolutions of scans; faxes have their own
	OnePage   bool  // nothing longer than a page
	Clean     bool  // scans without skew, noise or dirt
	Alone     bool  // no two pieces on the same matter, no copies
	Workers   int   // pieces made at the same time; 0 means one a core
}

// A Piece is one file of post with its truth.
type Piece struct {
	Name  string
	Bytes []byte
	Truth Truth
}

// A Bag is a planned mailbag. Its pieces are made when asked for. It is safe for concurrent use.
type Bag struct {
	options  Options
	grammars map[string]*grammar
	plans    []plan
	last     map[int]int // the latest piece of each matter
}

// A plan is what is decided of a piece before it is made.
type plan struct {
	class    taxonomy.ClassID
	kind     Kind
	language string
	dpi      int
	matter   int // number of the piece with which the matter began: its dice make the matter
	follows  int // piece before it on the matter, -1 for none
	sameAs   int // -1, or the piece it is a copy of
	turn     int // how often the matter was written about before
}

// NewBag plans a bag. It fails when the options allow no piece at all.
func NewBag(o Options) (*Bag, error) {
	all, err := grammars()
	if err != nil {
		return nil, fmt.Errorf("read phrases: %w", err)
	}
	if len(o.Languages) == 0 {
		o.Languages = Languages
	}
	b := &Bag{options: o, grammars: all, last: map[int]int{}}
	pairs := pairsOf(only(classShares, o.Classes), only(kindShares, o.Kinds))
	if len(pairs) == 0 {
		return nil, fmt.Errorf("no class of %v comes as any kind of %v", o.Classes, o.Kinds)
	}
	for _, language := range o.Languages {
		if all[language] == nil {
			return nil, fmt.Errorf("there are no phrases in the language %q", language)
		}
	}
	d := newDice(o.Seed, 0)
	for i := range o.Pieces {
		p := b.plan(d, i, pairs)
		if p.sameAs < 0 {
			b.last[p.matter] = i
		}
		b.plans = append(b.plans, p)
	}
	return b, nil
}

// A pair is a class and a kind in which it comes.
type pair struct {
	class taxonomy.ClassID
	kind  Kind
}

func pairsOf(classes []share[taxonomy.ClassID], kinds []share[Kind]) []share[pair] {
	var all []share[pair]
	for _, c := range classes {
		fitting, total := kindsOf(c.of, kinds), 0
		for _, k := range fitting {
			total += k.weight
		}
		for _, k := range fitting { // a class keeps its share whatever kinds it comes in
			all = append(all, share[pair]{pair{c.of, k.of}, max(1, c.weight*k.weight*100/total)})
		}
	}
	return all
}

// plan decides one piece: a new matter, an earlier one again, or a copy.
func (b *Bag) plan(d *dice, i int, pairs []share[pair]) plan {
	chosen := pick(d, pairs)
	p := plan{class: chosen.class, kind: chosen.kind, language: pick(d, only(languageShares, b.options.Languages)),
		dpi: pick(d, only(dpiShares, b.options.DPI)), matter: i, follows: -1, sameAs: -1}
	if b.options.Alone || i == 0 {
		return p
	}
	before := d.IntN(i)
	earlier := b.plans[before]
	switch roll := d.Float64(); {
	case roll < copies && earlier.sameAs < 0:
		earlier.sameAs = before
		return earlier
	case roll < copies+followUps*2: // not every earlier piece can be continued
		before = b.last[earlier.matter]
		if earlier = b.plans[before]; !canFollow(earlier, p) {
			return p
		}
		p.class, p.language = earlier.class, earlier.language
		p.matter, p.follows, p.turn = earlier.matter, before, earlier.turn+1
	}
	return p
}

// canFollow says whether p can be a later letter on the matter of an earlier one. Only the last letter of a matter is continued.
func canFollow(earlier, p plan) bool {
	switch earlier.class {
	case taxonomy.Complaint, taxonomy.Claim, taxonomy.Question:
		return earlier.sameAs < 0 && earlier.turn < 2 && p.class != taxonomy.Form && p.class != taxonomy.Identity
	}
	return false
}

// Len is how many pieces there are.
func (b *Bag) Len() int { return len(b.plans) }

// each makes all pieces on several cores and hands them to use in any order, at most workers at the same time.
func (b *Bag) each(use func(i int, p Piece) error) error {
	workers := b.options.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	numbers := make(chan int)
	errs := make([]error, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range numbers {
				if errs[w] != nil {
					continue
				}
				p, err := b.Piece(i)
				if err == nil {
					err = use(i, p)
				}
				errs[w] = err
			}
		})
	}
	for i := range b.plans {
		numbers <- i
	}
	close(numbers)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

package tesseract

/*
#include <stdlib.h>
#include <leptonica/allheaders.h>
#include <tesseract/capi.h>
*/
import "C"

import (
	"fmt"
	"strings"
	"unsafe"

	"docket/repository"
)

// segmentation modes of Tesseract that are used here; their numbers are Tesseract's own.
const (
	modeAuto   = 3  // find columns, blocks and lines
	modeBlock  = 6  // one block of text
	modeSparse = 11 // find as much text as possible, in no particular order
)

// An engine is one loaded model. It is not safe for concurrent use.
type engine struct {
	api  *C.TessBaseAPI
	name string
}

// load reads the model of a Tesseract language ("deu").
func load(name string) (*engine, error) {
	api := C.TessBaseAPICreate()
	lang := C.CString(name)
	defer C.free(unsafe.Pointer(lang))
	if C.TessBaseAPIInit2(api, nil, lang, C.OEM_LSTM_ONLY) != 0 {
		C.TessBaseAPIDelete(api)
		return nil, fmt.Errorf("load the Tesseract model %q: it is not installed or damaged", name)
	}
	e := &engine{api: api, name: name}
	e.set("debug_file", "/dev/null")
	e.set("invert_threshold", "0") // what is light on dark has been turned
	return e, nil
}

func (e *engine) set(variable, value string) {
	k, v := C.CString(variable), C.CString(value)
	defer C.free(unsafe.Pointer(k))
	defer C.free(unsafe.Pointer(v))
	C.TessBaseAPISetVariable(e.api, k, v)
}

func (e *engine) free() {
	C.TessBaseAPIEnd(e.api)
	C.TessBaseAPIDelete(e.api)
}

// recognise reads x in one pass and gives its words in reading order, boxes in pixels of x.
func (e *engine) recognise(x pix, mode, dpi int) ([]repository.Word, error) {
	C.TessBaseAPISetPageSegMode(e.api, C.TessPageSegMode(mode))
	C.TessBaseAPISetImage2(e.api, x.p)
	C.TessBaseAPISetSourceResolution(e.api, C.int(dpi))
	defer C.TessBaseAPIClear(e.api)
	if C.TessBaseAPIRecognize(e.api, nil) != 0 {
		return nil, fmt.Errorf("recognise with %q: Tesseract failed", e.name)
	}
	it := C.TessBaseAPIGetIterator(e.api)
	if it == nil {
		return nil, nil // an empty page
	}
	defer C.TessResultIteratorDelete(it)
	return words(it), nil
}

// words walks over the results. Block and paragraph count over the page, lines within their paragraph.
func words(it *C.TessResultIterator) []repository.Word {
	page := C.TessResultIteratorGetPageIterator(it)
	var all []repository.Word
	block, par, line := 0, 0, 0
	for {
		if begins(page, C.RIL_BLOCK) {
			block++
		}
		if begins(page, C.RIL_PARA) {
			par, line = par+1, 0
		}
		if begins(page, C.RIL_TEXTLINE) {
			line++
		}
		if w, ok := word(it, page); ok {
			w.Block, w.Par, w.Line = block, par, line
			all = append(all, w)
		}
		if C.TessResultIteratorNext(it, C.RIL_WORD) == 0 {
			return all
		}
	}
}

func begins(page *C.TessPageIterator, level C.TessPageIteratorLevel) bool {
	return C.TessPageIteratorIsAtBeginningOf(page, level) != 0
}

func word(it *C.TessResultIterator, page *C.TessPageIterator) (repository.Word, bool) {
	text := C.TessResultIteratorGetUTF8Text(it, C.RIL_WORD)
	if text == nil {
		return repository.Word{}, false
	}
	defer C.TessDeleteText(text)
	s := strings.ReplaceAll(strings.TrimSpace(C.GoString(text)), "ı", "i") // none of our languages has the dotless letter: its dot was lost
	if s == "" {
		return repository.Word{}, false
	}
	var l, t, r, b C.int
	C.TessPageIteratorBoundingBox(page, C.RIL_WORD, &l, &t, &r, &b)
	confidence := float64(C.TessResultIteratorConfidence(it, C.RIL_WORD)) / 100
	return repository.Word{
		Text:       s,
		Box:        repository.Box{X: int(l), Y: int(t), W: int(r - l), H: int(b - t)},
		Confidence: min(max(confidence, 0), 1),
	}, true
}

// A shelf keeps the models that were used last, so that alternating languages do not load them again.
type shelf struct {
	size    int
	engines []*engine // the last used one first
}

func (s *shelf) take(name string) (*engine, error) {
	for i, e := range s.engines {
		if e.name == name {
			copy(s.engines[1:i+1], s.engines[:i])
			s.engines[0] = e
			return e, nil
		}
	}
	e, err := load(name)
	if err != nil {
		return nil, err
	}
	s.engines = append([]*engine{e}, s.engines...)
	if len(s.engines) > s.size {
		s.engines[s.size].free()
		s.engines = s.engines[:s.size]
	}
	return e, nil
}

// any is the model that was used last, or else the first that is installed.
func (s *shelf) any() (e *engine, err error) {
	if len(s.engines) > 0 {
		return s.engines[0], nil
	}
	for _, language := range []string{"en", "de", "hu", "pl", "ru", "sl"} {
		if e, err = s.take(models[language]); err == nil {
			return e, nil
		}
	}
	return nil, err
}

// available lists the models in Tesseract's data folder.
func (e *engine) available() []string {
	list := C.TessBaseAPIGetAvailableLanguagesAsVector(e.api)
	if list == nil {
		return nil
	}
	defer C.TessDeleteTextArray(list)
	var names []string
	for p := list; *p != nil; p = (**C.char)(unsafe.Add(unsafe.Pointer(p), unsafe.Sizeof(*p))) {
		names = append(names, C.GoString(*p))
	}
	return names
}

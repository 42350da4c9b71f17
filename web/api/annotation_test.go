package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"docket/repository"
	"docket/taxonomy"
	"docket/web/api"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func (h *house) patch(who, path string, body any) answer {
	h.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.do(who, "PATCH", path, bytes.NewReader(raw), "Content-Type", "application/json")
}

type object = map[string]any

// A colleague marks a page, changes their mind, and a records manager withdraws it: it is there for everybody who may read the
// document, and to be asked for when it counts no more.
func TestAnnotating(t *testing.T) {
	h := openHouse(t)
	id := h.filed("a.txt", "Dear Sirs", taxonomy.Complaint)
	h.paged(id)
	base := "/documents/" + id.String() + "/versions/1/annotations"
	box := []object{{"x": 1, "y": 2, "w": 3, "h": 4}}
	var made, stamp api.Annotation
	h.post("agent-ben", base, object{"page": 1, "kind": "note", "boxes": box, "text": "ask for the receipt"}).into(201, &made)
	h.post("mailroom-mia", base, object{"page": 1, "kind": "stamp", "boxes": box, "stamp": "paid"}).into(201, &stamp)
	if diff := cmp.Diff([]repository.Box{{X: 1, Y: 2, W: 3, H: 4}}, made.Boxes); diff != "" || made.By != "agent-ben" || made.Rev != 1 || stamp.Stamp != "paid" {
		t.Errorf("%+v %+v %s", made, stamp, diff)
	}
	one := base + "/" + made.Annotation
	h.patch("agent-eva", one, object{"text": "hers"}).problem(403)
	h.post("agent-eva", one+"/withdraw", object{}).problem(403)
	h.patch("agent-ben", one, object{"text": "ask for the invoice", "rev": 1}).into(200, &made)
	h.patch("agent-ben", one, object{"text": "no", "rev": 1}).problem(409)
	if made.Text != "ask for the invoice" || made.Rev != 2 || len(made.Former) != 1 || made.Former[0].Text != "ask for the receipt" {
		t.Errorf("%+v", made)
	}
	h.post("records-manager-rosa", one+"/withdraw", object{"reason": "settled"}).into(200, &made)
	if made.WithdrawnBy != "records-manager-rosa" || made.WithdrawnAt.IsZero() {
		t.Errorf("%+v", made)
	}
	h.patch("agent-ben", one, object{"text": "again"}).problem(409)
	for path, want := range map[string][]string{base: {stamp.Annotation}, base + "?withdrawn=true": {made.Annotation, stamp.Annotation}} {
		var got struct{ Annotations []api.Annotation }
		h.get("agent-eva", path).into(200, &got)
		var ids []string
		for _, a := range got.Annotations {
			ids = append(ids, a.Annotation)
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
}

func TestAnnotationsThatAreNotRight(t *testing.T) {
	h := openHouse(t)
	id := h.filed("a.txt", "Dear Sirs", taxonomy.Complaint)
	h.paged(id)
	base, box := "/documents/"+id.String()+"/versions/1/annotations", []object{{"x": 1, "y": 2, "w": 3, "h": 4}}
	with := func(name string, value any) object {
		o := object{"page": 1, "kind": "note", "boxes": box, "text": "x"}
		o[name] = value
		return o
	}
	for name, c := range map[string]struct {
		path   string
		body   object
		status int
	}{
		"no such kind":     {base, with("kind", "drawing"), 422},
		"a long text":      {base, with("text", strings.Repeat("x", 2001)), 422},
		"no text":          {base, with("text", " "), 422},
		"no place":         {base, with("boxes", []object{}), 422},
		"beside the page":  {base, with("boxes", []object{{"x": -1, "y": 2, "w": 3, "h": 4}}), 422},
		"no such page":     {base, with("page", 2), 404},
		"no such version":  {strings.Replace(base, "/1/", "/2/", 1), with("page", 1), 404},
		"no such stamp":    {base, object{"page": 1, "kind": "stamp", "boxes": box, "stamp": "rejoice"}, 422},
		"a stamp of none":  {base, object{"page": 1, "kind": "stamp", "boxes": box}, 422},
		"no such document": {"/documents/" + uuid.NewString() + "/versions/1/annotations", with("page", 1), 404},
	} {
		if p := h.post("agent-ben", c.path, c.body).problem(c.status); c.status == 422 && !strings.Contains(p.Detail, "Nothing was") {
			t.Errorf("%s: %s", name, p.Detail)
		}
	}
	h.post("administrator-ada", base, with("page", 1)).into(201, nil)
	h.patch("agent-ben", base+"/"+uuid.NewString(), object{"text": "x"}).problem(404)
}

// A list of annotations costs as many statements as are needed for one.
func TestAnnotationsAreOneQuestion(t *testing.T) {
	h := openHouse(t)
	few, many := h.filed("a.txt", "a", taxonomy.Complaint), h.filed("b.txt", "b", taxonomy.Complaint)
	for i, id := range []repository.DocumentID{few, many} {
		h.paged(id)
		for n := range 1 + 9*i {
			h.post("agent-ben", fmt.Sprintf("/documents/%s/versions/1/annotations", id), object{"page": 1, "kind": "note", "text": fmt.Sprint(n),
				"boxes": []object{{"x": 1, "y": 2, "w": 0, "h": 0}}}).into(201, nil)
		}
	}
	h.fixed("agent-ben", fmt.Sprintf("/documents/%s/versions/1/annotations", few), fmt.Sprintf("/documents/%s/versions/1/annotations", many), 4)
}

package api_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"docket/taxonomy"
	"docket/web/api"
)

func TestClasses(t *testing.T) {
	h := openHouse(t)
	var got struct{ Classes []api.Class }
	h.get("agent-ben", "/classes").into(200, &got)
	i := slices.IndexFunc(got.Classes, func(c api.Class) bool { return c.Class == "complaint" })
	if i < 0 || got.Classes[i].Titles["de"] == "" || got.Classes[i].Process != "claims" || len(got.Classes[i].Fields) == 0 {
		t.Fatalf("%+v", got.Classes)
	}
	j := slices.IndexFunc(got.Classes[i].Fields, func(f api.ClassField) bool { return f.Field == "remedy" })
	if j < 0 || !slices.Contains(got.Classes[i].Fields[j].Terms, "refund") {
		t.Errorf("%+v", got.Classes[i].Fields)
	}
}

func TestParties(t *testing.T) {
	h := openHouse(t)
	for i := range 3 {
		id := h.read(h.handIn("agent-ben", fmt.Sprint(i), fmt.Sprint(i)), taxonomy.Invoice, "waiting", "unsure")
		h.post("mailroom-mia", "/validation/"+id.String(), map[string]any{"rev": 1, "class": "invoice", "fields": map[string]string{"sender_name": fmt.Sprintf("Anna Novak%c", 'a'+i)}}).into(200, nil)
	}
	var got struct{ Parties []api.Party }
	h.get("agent-ben", "/parties?q=anna+novaka").into(200, &got)
	if len(got.Parties) != 1 || got.Parties[0].Name != "Anna Novaka" || !got.Parties[0].Provisional {
		t.Errorf("%+v", got.Parties)
	}
	h.fixed("agent-ben", "/parties?limit=1", "/parties?limit=100", 1)
}

func TestUsers(t *testing.T) {
	h := openHouse(t)
	add := map[string]any{"user": "eva", "title": "Eva", "roles": []string{"agent"}, "teams": []string{"claims"}, "password": "correct horse battery"}
	h.post("agent-ben", "/users", add).problem(403)
	h.get("agent-ben", "/users").problem(403)
	a := h.post("administrator-ada", "/users", add)
	var u api.User
	if a.into(201, &u); u.User != "eva" || !u.Active || strings.Contains(string(a.body), "horse") {
		t.Errorf("%s", a.body)
	}
	h.post("administrator-ada", "/users", add).problem(409)
	add["roles"] = []string{"king"}
	h.post("administrator-ada", "/users", add).problem(422)
	change := func(who, user, body string) answer {
		return h.do(who, "PATCH", "/users/"+user, strings.NewReader(body), "Content-Type", "application/json")
	}
	change("agent-ben", "eva", `{"active": false}`).problem(403)
	change("administrator-ada", "nobody", `{"active": false}`).problem(404)
	change("administrator-ada", "eva", `{"roles": ["king"]}`).problem(422)
	change("administrator-ada", "eva", `{"roles": ["administrator"]}`).into(200, &u)
	if len(u.Roles) != 1 || u.Roles[0] != "administrator" || !u.Active || u.Teams[0] != "claims" {
		t.Errorf("%+v", u)
	}
	if p := change("administrator-ada", "eva", `{"active": false}`).problem(409); !strings.Contains(p.Detail, "at least one active administrator") {
		t.Errorf("the last administrator: %+v", p)
	}
	var got struct{ Users []api.User }
	h.get("administrator-ada", "/users").into(200, &got)
	if len(got.Users) != 1 || got.Users[0].Teams[0] != "claims" {
		t.Errorf("%+v", got.Users)
	}
}

// operations are all that the API promises, with the status of success.
var operations = []string{
	"GET /classes 200", "GET /documents 200", "GET /documents/{document} 200", "GET /documents/{document}/content 200",
	"GET /documents/{document}/pages/{page}/image 200", "GET /documents/{document}/pages/{page}/layout 200", "GET /documents/{document}/text 200",
	"GET /documents/{document}/versions/{version}/annotations 200",
	"GET /intake 200", "GET /intake/{receipt} 200", "GET /parties 200", "GET /search 200", "GET /templates 200", "GET /tickets 200", "GET /tickets/{number} 200", "GET /tickets/{number}/templates/{template} 200",
	"GET /users 200", "GET /validation 200", "GET /validation/{document} 200", "PATCH /documents/{document}/versions/{version}/annotations/{annotation} 200", "PATCH /users/{user} 200", "POST /documents/{document}/cancel-checkout 200",
	"POST /documents/{document}/checkin 200", "POST /documents/{document}/checkout 200",
	"POST /documents/{document}/versions/{version}/annotations 201", "POST /documents/{document}/versions/{version}/annotations/{annotation}/withdraw 200", "POST /intake 201", "POST /intake/{receipt}/reject 200",
	"POST /intake/{receipt}/retry 200", "POST /tickets/{number}/assign 200", "POST /tickets/{number}/notes 200",
	"POST /tickets/{number}/transitions 200", "POST /users 201", "POST /validation/{document} 200",
}

// node is any part of the description.
type node = map[string]any

func TestTheDescription(t *testing.T) {
	h := openHouse(t)
	a := h.get("", "/openapi.json")
	var o struct {
		OpenAPI    string
		Servers    []struct{ URL string }
		Paths      map[string]map[string]node
		Components struct{ Schemas map[string]node }
	}
	a.into(200, &o)
	if o.OpenAPI != "3.1.0" || len(o.Servers) != 1 || o.Servers[0].URL != api.Base {
		t.Errorf("%s %v", o.OpenAPI, o.Servers)
	}
	var got []string
	ids := map[string]bool{}
	for path, methods := range o.Paths {
		for method, op := range methods {
			for status := range op["responses"].(node) {
				if status != "default" {
					got = append(got, strings.ToUpper(method)+" "+path+" "+status)
				}
			}
			id, _ := op["operationId"].(string)
			if id == "" || ids[id] || op["summary"] == "" || op["security"] == nil {
				t.Errorf("%s %s: operation %q without a name of its own, summary or security", method, path, id)
			}
			ids[id] = true
			raw, _ := json.Marshal(op["responses"].(node)["default"])
			if !strings.Contains(string(raw), "application/problem+json") {
				t.Errorf("%s %s: errors are not described", method, path)
			}
			for name := range strings.SplitSeq(path, "/") {
				if name, ok := strings.CutPrefix(name, "{"); ok && !hasParameter(op, strings.TrimSuffix(name, "}")) {
					t.Errorf("%s %s: parameter %s is not described", method, path, name)
				}
			}
		}
	}
	slices.Sort(got)
	want := slices.Sorted(slices.Values(operations))
	if !slices.Equal(want, got) {
		t.Errorf("operations\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	checkReferences(t, a.body, o.Components.Schemas)
	body := o.Paths["/intake"]["post"]["requestBody"].(node)["content"].(node)
	if body["application/octet-stream"] == nil || body["multipart/form-data"] == nil {
		t.Errorf("what can be handed in: %v", body)
	}
}

func hasParameter(op node, name string) bool {
	all, _ := op["parameters"].([]any)
	return slices.ContainsFunc(all, func(p any) bool { return p.(node)["name"] == name && p.(node)["in"] == "path" })
}

// checkReferences finds references to schemas that are not there, and schemas that nothing refers to.
func checkReferences(t *testing.T, description []byte, schemas map[string]node) {
	t.Helper()
	referred := map[string]bool{}
	for part := range strings.SplitSeq(string(description), `"$ref":"#/components/schemas/`) {
		name, _, _ := strings.Cut(part, `"`)
		referred[name] = true
	}
	for name := range schemas {
		if !referred[name] {
			t.Errorf("nothing refers to the schema %s", name)
		}
		delete(referred, name)
	}
	delete(referred, "{") // what stands before the first reference
	for name := range referred {
		if name != "" {
			t.Errorf("there is no schema %s", name)
		}
	}
}

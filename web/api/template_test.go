package api_test

import (
	"strings"
	"testing"

	"docket/web/api"
)

func TestTemplatesOfAnswers(t *testing.T) {
	h := openHouse(t)
	ticket := h.complain("a")
	var list struct{ Templates []api.Template }
	h.get("agent-ben", "/templates").into(200, &list)
	if len(list.Templates) < 5 || list.Templates[0].Template != "more-information" || len(list.Templates[0].Languages) != 6 || list.Templates[0].Titles["de"] != "Weitere Angaben nötig" {
		t.Errorf("%+v", list)
	}
	var w struct{ Subject, Text, Language, Wanted, Gap string }
	h.get("agent-ben", "/tickets/"+ticket.Number+"/templates/more-information?language=de").into(200, &w)
	if w.Language != "de" || w.Gap != "[… was fehlt]" || !strings.Contains(w.Text, ticket.Number) || !strings.Contains(w.Text, "agent-ben") {
		t.Errorf("%+v", w)
	}
	h.exec("update workflow.template set body = body #- '{texts,hu}'")
	h.get("agent-ben", "/tickets/"+ticket.Number+"/templates/claim-accepted?language=hu").into(200, &w)
	if w.Language == "hu" || w.Wanted != "hu" {
		t.Errorf("%+v", w)
	}
	h.get("agent-ben", "/tickets/"+ticket.Number+"/templates/acknowledgement").problem(404)
	h.get("agent-ben", "/tickets/"+ticket.Number+"/templates/more-information?language=fr").problem(422)
	h.get("mailroom-mia", "/templates").problem(403)
	h.exec("update workflow.template set retired_at = now()")
	h.get("agent-ben", "/tickets/"+ticket.Number+"/templates/more-information").problem(404)
	h.exec("update workflow.ticket set readers = '{role:records-manager}'")
	h.get("agent-ben", "/tickets/"+ticket.Number+"/templates/more-information").problem(404)
}

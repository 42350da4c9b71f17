package bench

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestWebCountsWhatItAsks(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/broken" {
			w.WriteHeader(http.StatusInternalServerError)
		}
		_, _ = w.Write(make([]byte, 2500))
	}))
	defer server.Close()
	questions := []WebQuestion{{"one", server.Client(), []string{"/a"}}, {"two", server.Client(), []string{"/b", "/c"}}}
	pages, err := Web(t.Context(), server.URL, questions, 3, 5, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range pages {
		if p.Name != questions[i].Name || p.Asked != 12 || p.Kilobytes != 2.5 || p.FirstP50 <= 0 || p.FirstP50 > p.FirstP95 || p.FirstP95 > p.WholeP95 {
			t.Errorf("got %+v", p) // three clients ask five times, the first time to warm up
		}
	}
	if _, err := Web(t.Context(), server.URL, []WebQuestion{{"broken", server.Client(), []string{"/broken"}}}, 1, 2, time.Now); err == nil {
		t.Error("pages that fail are measured as if they were quick")
	}
}

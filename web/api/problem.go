package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"unicode/utf8"

	"docket/repository/fault"
	"docket/search"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
)

// A Problem is an error as programs read it (RFC 9457). Its type is always "about:blank": the status says the kind.
type Problem struct {
	Type       string          `json:"type" doc:"always about:blank: the status says what kind of error it is"`
	Title      string          `json:"title" doc:"the status in words"`
	Status     int             `json:"status"`
	Detail     string          `json:"detail" doc:"what happened, what was kept and what to do, in whole sentences for a person"`
	Errors     []*InvalidValue `json:"errors,omitempty" doc:"which values of the request are wrong"`
	Position   *Span           `json:"position,omitempty" doc:"the part of the query that is wrong"`
	Suggestion string          `json:"suggestion,omitempty" doc:"what to write in its place"`
}

// An InvalidValue is one value of a request that is wrong.
type InvalidValue struct {
	Location string `json:"location" doc:"where it is: query.limit, body.reason"`
	Message  string `json:"message"`
}

// A Span is a range of a text, counted in characters (Unicode code points) from 0; End is the first one after it.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Error is the detail.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// retryAfter is the number of seconds after which a client may try again when a part of the system is away.
const retryAfter = "5"

func newProblem(status int, err error) *Problem {
	p := &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: fault.Sentence(err)}
	if wrong, ok := errors.AsType[*search.Problem](err); ok {
		p.Position = span(wrong.Query, wrong.Start, wrong.End)
		p.Suggestion = wrong.Suggestion
	}
	return p
}

// span counts a range of bytes in characters.
func span(text string, start, end int) *Span {
	n := utf8.RuneCountInString(text[:start])
	return &Span{n, n + utf8.RuneCountInString(text[start:end])}
}

// problem is the one place where an error becomes an answer: logged with its cause, told with its sentence.
func (s *server) problem(ctx context.Context, operation string, err error) error {
	status := s.Status(err)
	s.logFailure(ctx, operation, status, err)
	p := newProblem(status, err)
	if status == http.StatusServiceUnavailable {
		return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {retryAfter}})
	}
	return p
}

func (s *server) logFailure(ctx context.Context, operation string, status int, err error) {
	level := slog.LevelInfo
	if status >= 500 && !fault.Expected(err) {
		level = slog.LevelError
	}
	s.Log.Log(ctx, level, "request failed", "operation", operation, "status", status, "err", err)
}

// write answers before huma is reached.
func (s *server) write(c *gin.Context, status int, err error) {
	s.logFailure(c.Request.Context(), c.FullPath(), status, err)
	if status == http.StatusServiceUnavailable {
		c.Header("Retry-After", retryAfter)
	}
	WriteProblem(c.Writer, status, err)
}

// WriteProblem answers with a Problem, for addresses under Base that are no operation.
func WriteProblem(w http.ResponseWriter, status int, err error) {
	body, marshalErr := json.Marshal(newProblem(status, err))
	if marshalErr != nil { // a struct of strings and numbers
		panic(marshalErr)
	}
	w.Header().Set("Content-Type", problemType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

// sayProblem turns what huma says about a request that does not fit its description into a Problem with a sentence.
func sayProblem(_ huma.Context, _ string, answer any) (any, error) {
	m, ok := answer.(*huma.ErrorModel)
	if !ok {
		return answer, nil
	}
	p := &Problem{Type: "about:blank", Title: http.StatusText(m.Status), Status: m.Status}
	var parts []string
	for _, e := range m.Errors {
		p.Errors = append(p.Errors, &InvalidValue{Location: e.Location, Message: e.Message})
		parts = append(parts, strings.TrimPrefix(e.Location+": ", ": ")+e.Message)
	}
	switch {
	case m.Status >= 500:
		p.Detail, p.Errors = fault.Sentence(errors.New(m.Detail)), nil
	case len(parts) > 0:
		p.Detail = fmt.Sprintf("The request is not right: %s. Nothing was changed.", strings.Join(parts, "; "))
	default:
		p.Detail = fmt.Sprintf("The request is not right: %s. Nothing was changed.", m.Detail)
	}
	return p, nil
}

// problemResponse describes Problems in the OpenAPI document.
func (s *server) problemResponse() *huma.Response {
	schema := s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	return &huma.Response{Description: "It did not work; the detail says why.", Content: map[string]*huma.MediaType{problemType: {Schema: schema}}}
}

package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/repository/fault"
	"docket/repository/journal"
	"docket/repository/postgres"
	"docket/repository/postgres/postgrestest"
	"docket/search"
	"docket/taxonomy"
	"docket/web"
	"docket/web/api"
	"docket/workflow"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// jobTable notes jobs in a table, so that they share the transaction's fate as River's do.
type jobTable struct{}

func (jobTable) InsertTx(ctx context.Context, tx pgx.Tx, args river.JobArgs, _ *river.InsertOpts) (*rivertype.JobInsertResult, error) {
	_, err := tx.Exec(ctx, "insert into job (kind) values ($1)", args.Kind())
	return nil, err
}

// A house is a server of the API with its database, objects and index. People sign in by their name as bearer token; their
// role is their name up to the last hyphen.
type house struct {
	t          *testing.T
	url        string
	pool       *pgxpool.Pool
	store      *repository.Store
	journal    *journal.Journal
	plan       *taxonomy.Plan
	index      *search.Index
	desk       *workflow.Desk
	blobs      *blob.Memory
	config     api.Config
	statements *postgrestest.Statements
}

func openHouse(t *testing.T, change ...func(*house)) *house {
	t.Helper()
	t.Parallel()
	return buildHouse(t, change...)
}

// buildHouse is openHouse for tests that run alone.
func buildHouse(t *testing.T, change ...func(*house)) *house {
	t.Helper()
	h := &house{t: t, blobs: blob.NewMemory(), journal: journal.New()}
	h.pool, h.statements = postgrestest.Counted(t, postgrestest.New(t, repository.Migrations, taxonomy.Migrations, capture.Migrations, workflow.Migrations))
	h.exec("create table job (kind text)")
	h.store, h.plan = repository.NewStore(h.blobs, h.journal), taxonomy.NewPlan(h.journal, nil)
	h.inTx(func(tx pgx.Tx) error { return workflow.InstallShipped(t.Context(), tx) })
	h.desk = workflow.NewDesk(h.journal, h.plan, workflow.Calendar{}, nil)
	h.journal.Subscribe(h.desk.Follow)
	catalogue, err := h.plan.Catalogue(t.Context(), h.pool)
	if err != nil {
		t.Fatal(err)
	}
	if h.index, err = search.Open("", search.NewSchema(catalogue, nil)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.index.Close() })
	intake := &capture.Intake{Pool: h.pool, Store: h.store, Journal: h.journal, Jobs: jobTable{}}
	h.journal.Subscribe(intake.Follow)
	h.config = api.Config{Pool: h.pool, Store: h.store, Plan: h.plan, Search: h.index, Intake: intake, Sheets: &capture.Sheets{Pool: h.pool, Store: h.store}, Desk: h.desk,
		People: workflow.NewPeople(h.journal), Authenticate: authenticate, Status: web.Status,
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))}
	for _, f := range change {
		f(h)
	}
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	if err := api.Mount(engine, h.config); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(engine)
	t.Cleanup(server.Close)
	h.url = server.URL + api.Base
	return h
}

// authenticate knows people by a token that is their name: "agent-ben", "mailroom-mia", "records-manager-rosa".
func authenticate(c *gin.Context) (workflow.User, error) {
	name, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer ")
	if !ok {
		return workflow.User{}, fault.New(fault.Denied, "Send a bearer token.")
	}
	return person(name), nil
}

func person(name string) workflow.User {
	role := name[:strings.LastIndex(name, "-")]
	return workflow.User{ID: uuid.NewSHA1(uuid.Nil, []byte(name)), Name: name, Title: name, Roles: []workflow.Role{workflow.Role(role)}, Language: "en"}
}

func (h *house) exec(sql string, args ...any) {
	h.t.Helper()
	if _, err := h.pool.Exec(h.t.Context(), sql, args...); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) inTx(f func(tx pgx.Tx) error) {
	h.t.Helper()
	if err := postgres.InTx(h.t.Context(), h.pool, f); err != nil {
		h.t.Fatal(err)
	}
}

// An answer is what the server said.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// into decodes an answer that must have a status.
func (a answer) into(want int, out any) {
	a.t.Helper()
	if a.status != want {
		a.t.Fatalf("status %d, want %d: %s", a.status, want, a.body)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		a.t.Fatalf("%v in %s", err, a.body)
	}
}

// problem decodes an answer that must be a Problem of a status.
func (a answer) problem(want int) (p api.Problem) {
	a.t.Helper()
	a.into(want, &p)
	if a.header.Get("Content-Type") != "application/problem+json" || p.Status != want || p.Detail == "" || p.Title == "" {
		a.t.Errorf("no problem: %s %s", a.header.Get("Content-Type"), a.body)
	}
	return p
}

// do sends a request as a person. Header pairs follow the body.
func (h *house) do(who, method, path string, body io.Reader, header ...string) answer {
	h.t.Helper()
	a, err := h.try(who, method, path, body, header...)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// try is do for other goroutines than the test's.
func (h *house) try(who, method, path string, body io.Reader, header ...string) (answer, error) {
	r, err := http.NewRequest(method, h.url+path, body)
	if err != nil {
		return answer{}, err
	}
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+who)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return answer{h.t, res.StatusCode, res.Header, raw}, err
}

func (h *house) get(who, path string) answer {
	h.t.Helper()
	return h.do(who, "GET", path, nil)
}

func (h *house) post(who, path string, body any) answer {
	h.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.do(who, "POST", path, bytes.NewReader(raw), "Content-Type", "application/json")
}

// handIn uploads a text.
func (h *house) handIn(who, name, text string) api.Piece {
	h.t.Helper()
	var got pieces
	h.do(who, "POST", "/intake?name="+url.QueryEscape(name), strings.NewReader(text)).into(201, &got)
	return got.Pieces[0]
}

type pieces struct {
	Pieces []api.Piece
	Next   int64
}

// read plays the machine: it writes a reading of a piece's document and brings the piece into a state.
func (h *house) read(p api.Piece, class taxonomy.ClassID, state capture.State, doubts ...string) repository.DocumentID {
	h.t.Helper()
	id := uuid.MustParse(p.Documents[0].Document)
	if doubts == nil {
		doubts = []string{}
	}
	fields := taxonomy.Values{taxonomy.SenderName: {Value: "Anna Novak", Text: "Anna Novak", Confidence: 0.9, Page: 1, How: "label"}}
	h.exec(`insert into capture.reading (document, version, pages, language, class, confidence, fields, doubts)
		values ($1, 1, 2, 'en', $2, 0.75, $3, $4)`, id, class, fields, doubts)
	h.exec("update capture.piece set state = $2 where receipt = $1", p.Receipt, state)
	return id
}

// file makes a piece's document a record.
func (h *house) file(p api.Piece, class taxonomy.ClassID) repository.DocumentID {
	h.t.Helper()
	id := h.read(p, class, capture.BeingRead)
	h.inTx(func(tx pgx.Tx) error {
		_, err := h.plan.File(h.t.Context(), tx, journal.System("capture"), taxonomy.Filing{Document: id, Class: class, Confidence: 0.97,
			Values: taxonomy.Values{taxonomy.SenderName: {Value: "Anna Novak"}, taxonomy.Amount: {Value: "12.50 EUR"}}, Language: "en", Original: p.Name, Received: time.Now()})
		if err == nil {
			_, err = tx.Exec(h.t.Context(), "update capture.piece set state = 'filed', changed_at = now() where receipt = $1", p.Receipt)
		}
		return err
	})
	return id
}

var errBroken = errors.New("the line dropped")

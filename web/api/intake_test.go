package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/blob"
	"docket/taxonomy"
	"docket/web/api"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
)

func TestAFileIsHandedInAndFollowed(t *testing.T) {
	h := openHouse(t)
	p := h.handIn("agent-ben", "letter.txt", "Dear Sirs")
	if p.Seq != 1 || p.Name != "letter.txt" || p.State != "stored" || p.Done || len(p.Documents) != 1 {
		t.Fatalf("%+v", p)
	}
	h.get("agent-ben", "/intake/"+p.Receipt.String()).into(200, &p)
	if p.Source != "api" || p.Documents[0].Document == "" || p.Documents[0].Receipt != p.Receipt.String() {
		t.Errorf("%+v", p)
	}
}

func TestWhatBecameOfAPiece(t *testing.T) {
	h := openHouse(t)
	at := func(p api.Piece) (got api.Piece) {
		h.get("mailroom-mia", "/intake/"+p.Receipt.String()).into(200, &got)
		return got
	}
	waiting := h.handIn("agent-ben", "a.txt", "a")
	h.read(waiting, taxonomy.Question, capture.Waiting, "It is not certain what this is.")
	got := at(waiting)
	want := api.Outcome{Receipt: waiting.Receipt.String(), Document: waiting.Documents[0].Document, Class: "question", Confidence: 0.75,
		Fields: map[string]string{"sender_name": "Anna Novak"}, Pages: 2, Name: "a.txt", State: "waiting", Language: "en"}
	if diff := cmp.Diff([]api.Outcome{want}, got.Documents); diff != "" || !got.Done {
		t.Errorf("waiting, done %v: %s", got.Done, diff)
	}
	filed := h.handIn("agent-ben", "b.txt", "b")
	h.file(filed, taxonomy.Invoice)
	got = at(filed)
	want = api.Outcome{Receipt: filed.Receipt.String(), Document: filed.Documents[0].Document, Class: "invoice", Confidence: 0.97,
		Fields: map[string]string{"sender_name": "Anna Novak", "amount": "12.50 EUR"}, Pages: 2, Name: "b.txt", State: "filed", Language: "en",
		Title: got.Documents[0].Title, Path: got.Documents[0].Path}
	if diff := cmp.Diff([]api.Outcome{want}, got.Documents); diff != "" || !got.Done || want.Title == "" || want.Path == "" {
		t.Errorf("filed, done %v: %s", got.Done, diff)
	}
	broken := h.handIn("agent-ben", "c.txt", "c")
	h.exec("update capture.piece set state = 'exception', reason = 'It is torn.' where receipt = $1", broken.Receipt)
	if got = at(broken); !got.Done || got.Documents[0].Error != "It is torn." {
		t.Errorf("exception: %+v", got)
	}
}

// An e-mail is done only when everything attached to it is, at any depth; a duplicate is as far as what it repeats.
func TestAttachmentsAndDuplicatesAreWaitedFor(t *testing.T) {
	h := openHouse(t)
	mail := h.handIn("agent-ben", "mail.eml", "mail")
	attach := func(parent uuid.UUID, name string) (receipt uuid.UUID) {
		h.t.Helper()
		p, err := capture.FindPiece(t.Context(), h.pool, parent)
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.config.Intake.Receive(t.Context(), capture.Item{Source: "api", Name: name, By: "system:unpack", Parent: &p, Content: strings.NewReader(name)})
		if err != nil {
			t.Fatal(err)
		}
		return a.Receipt
	}
	zip := attach(mail.Receipt, "a.zip")
	inner := attach(zip, "b.pdf")
	again := h.handIn("agent-ben", "again.pdf", "b.pdf")
	done := func(receipt uuid.UUID) bool {
		h.t.Helper()
		var p api.Piece
		h.get("agent-ben", "/intake/"+receipt.String()).into(200, &p)
		return p.Done
	}
	for _, r := range []uuid.UUID{mail.Receipt, zip} {
		h.exec("update capture.piece set state = 'waiting' where receipt = $1", r)
	}
	if done(mail.Receipt) || done(zip) || done(again.Receipt) {
		t.Error("done while a part is still to be read")
	}
	h.exec("update capture.piece set state = 'exception' where receipt = $1", inner)
	if !done(mail.Receipt) || !done(inner) || !done(again.Receipt) {
		t.Error("not done when all parts are")
	}
	var p api.Piece
	h.get("agent-ben", "/intake/"+mail.Receipt.String()).into(200, &p)
	var names []string
	for _, d := range p.Documents {
		names = append(names, d.Name)
	}
	if diff := cmp.Diff([]string{"mail.eml", "a.zip", "b.pdf"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestTheTicketIsThereWhenAPieceIsDone(t *testing.T) {
	h := openHouse(t)
	p := h.handIn("agent-ben", "complaint.txt", "a process")
	h.file(p, taxonomy.Complaint)
	h.get("agent-ben", "/intake/"+p.Receipt.String()).into(200, &p)
	if !p.Done || !taxonomy.ValidNumber(p.Documents[0].Ticket) {
		t.Errorf("%+v", p)
	}
}

func TestALongPollWakes(t *testing.T) {
	h := openHouse(t)
	p := h.handIn("agent-ben", "a.txt", "a")
	path := "/intake/" + p.Receipt.String() + "?wait="
	start := time.Now()
	h.get("agent-ben", path+"1").into(200, &p)
	if took := time.Since(start); p.Done || took < 900*time.Millisecond || took > 5*time.Second {
		t.Errorf("unfinished: done %v after %v", p.Done, took)
	}
	woken := make(chan answer, 1)
	go func() {
		a, err := h.try("agent-ben", "GET", path+"30", nil)
		if err != nil {
			t.Error(err)
		}
		woken <- a
	}()
	h.exec("update capture.piece set state = 'exception', reason = 'torn' where receipt = $1", p.Receipt)
	start = time.Now()
	a := <-woken
	if a.into(200, &p); !p.Done || time.Since(start) > 10*time.Second {
		t.Errorf("done %v after %v", p.Done, time.Since(start))
	}
	h.get("agent-ben", path+"31").problem(422)
}

func TestTheSameKeyIsTheSamePiece(t *testing.T) {
	h := openHouse(t)
	send := func(who, key, text string) uuid.UUID {
		t.Helper()
		var got pieces
		h.do(who, "POST", "/intake", strings.NewReader(text), "Idempotency-Key", key).into(201, &got)
		return got.Pieces[0].Receipt
	}
	first := send("agent-ben", "k", "one")
	if send("agent-ben", "k", "one") != first {
		t.Error("the same key made another piece")
	}
	if send("agent-ben", "l", "two") == first || send("agent-eva", "k", "three") == first {
		t.Error("another key or user got the same piece")
	}
	send("agent-ben", "big", strings.Repeat("x", 3<<20))
	send("agent-ben", "big", strings.Repeat("x", 3<<20)) // not read, and still the client gets its answer
}

func form(t *testing.T, pairs ...string) (io.Reader, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		create := func() (io.Writer, error) { return w.CreateFormFile("file", pairs[i]) }
		if field, ok := strings.CutPrefix(pairs[i], "="); ok {
			create = func() (io.Writer, error) { return w.CreateFormField(field) }
		}
		part, err := create()
		if err == nil {
			_, err = io.WriteString(part, pairs[i+1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &b, w.FormDataContentType()
}

func TestSeveralFilesInOneForm(t *testing.T) {
	h := openHouse(t)
	send := func(pairs ...string) (names []string) {
		t.Helper()
		body, media := form(t, pairs...)
		var got pieces
		h.do("mailroom-mia", "POST", "/intake?source=desk", body, "Content-Type", media, "Idempotency-Key", "k").into(201, &got)
		for _, p := range got.Pieces {
			names = append(names, fmt.Sprint(p.Seq, p.Source, p.Batch, p.Name))
		}
		return names
	}
	want := []string{"1deskmorninga.txt", "2deskmorningb.txt"}
	if diff := cmp.Diff(want, send("=batch", "morning", "a.txt", "a", "b.txt", "b")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(append(want, "3deskmorningc.txt"), send("=batch", "morning", "a.txt", "a", "b.txt", "b", "c.txt", "c")); diff != "" {
		t.Error("sent again with one more: " + diff)
	}
	body, media := form(t, "=batch", "x")
	h.do("mailroom-mia", "POST", "/intake", body, "Content-Type", media).problem(422)
	h.do("mailroom-mia", "POST", "/intake", strings.NewReader("--x"), "Content-Type", "multipart/form-data; boundary=x").problem(422)
}

func TestWhoMayHandInAndFollow(t *testing.T) {
	h := openHouse(t)
	h.do("", "POST", "/intake", strings.NewReader("x")).problem(401)
	if a := h.get("", "/intake"); a.header.Get("WWW-Authenticate") == "" {
		t.Error("401 without WWW-Authenticate")
	}
	h.do("records-manager-rosa", "POST", "/intake", strings.NewReader("x")).problem(403)
	p := h.handIn("agent-ben", "a.txt", "a")
	absent := uuid.NewString()
	hidden := h.get("agent-eva", "/intake/"+p.Receipt.String()).problem(404)
	missing := h.get("agent-eva", "/intake/"+absent).problem(404)
	if diff := cmp.Diff(strings.ReplaceAll(missing.Detail, absent, ""), strings.ReplaceAll(hidden.Detail, p.Receipt.String(), "")); diff != "" {
		t.Error("somebody else's piece is told from one that is not there: " + diff)
	}
	h.get("agent-ben", "/intake").problem(403)
	h.post("agent-ben", "/intake/"+p.Receipt.String()+"/reject", map[string]string{"reason": "spam"}).problem(403)
	h.get("mailroom-mia", "/intake/"+p.Receipt.String()).into(200, nil)
	h.get("administrator-ada", "/intake/"+p.Receipt.String()).into(200, nil)
	h.get("mailroom-mia", "/intake/no-receipt").problem(422)
}

// The sender of a document that was filed where they may not see it learns that it was filed, and nothing of what it became.
func TestAFiledSecretIsNotToldToItsSender(t *testing.T) {
	h := openHouse(t)
	p := h.handIn("agent-ben", "a.txt", "a")
	id := h.file(p, taxonomy.Invoice)
	h.exec("update taxonomy.record set readers = '{role:records-manager}' where document = $1", id)
	h.get("agent-ben", "/intake/"+p.Receipt.String()).into(200, &p)
	want := []api.Outcome{{Receipt: p.Receipt.String(), Name: "a.txt", State: "filed", Fields: map[string]string{}}}
	if diff := cmp.Diff(want, p.Documents); diff != "" {
		t.Error(diff)
	}
}

func TestTheListIsPagedByKeyAndFixedInStatements(t *testing.T) {
	h := openHouse(t)
	for i := range 12 {
		p := h.handIn("agent-ben", fmt.Sprintf("%d.txt", i), fmt.Sprint(i))
		if i%2 == 0 {
			h.file(p, taxonomy.Invoice)
		}
	}
	list := func(query string) (names []string, next int64) {
		t.Helper()
		var got pieces
		h.get("mailroom-mia", "/intake?"+query).into(200, &got)
		for _, p := range got.Pieces {
			names = append(names, strings.TrimSuffix(p.Name, ".txt"))
		}
		return names, got.Next
	}
	names, next := list("limit=5")
	if diff := cmp.Diff([]string{"11", "10", "9", "8", "7"}, names); diff != "" || next != 8 {
		t.Errorf("next %d %s", next, diff)
	}
	if names, next = list(fmt.Sprintf("limit=5&state=filed,exception&before=%d", next)); next != 0 || !cmp.Equal([]string{"6", "4", "2", "0"}, names) {
		t.Errorf("filed: %v, next %d", names, next)
	}
	count := func(query string) int64 { return h.statements.Of(func() { list(query) }) }
	if one, twelve := count("limit=1"), count("limit=12"); one != twelve || twelve > 6 {
		t.Errorf("%d statements for one piece, %d for twelve", one, twelve)
	}
	h.get("mailroom-mia", "/intake?state=nonsense").problem(422)
	h.get("mailroom-mia", "/intake?limit=1000").problem(422)
}

func TestRetryAndReject(t *testing.T) {
	h := openHouse(t)
	p := h.handIn("agent-ben", "a.txt", "a")
	path := "/intake/" + p.Receipt.String()
	h.post("mailroom-mia", path+"/retry", nil).problem(409)
	h.exec("update capture.piece set state = 'exception', reason = 'torn' where receipt = $1", p.Receipt)
	h.post("mailroom-mia", path+"/retry", nil).into(200, &p)
	if p.State != "stored" {
		t.Errorf("after retry: %s", p.State)
	}
	h.exec("update capture.piece set state = 'exception', reason = 'torn' where receipt = $1", p.Receipt)
	h.post("mailroom-mia", path+"/reject", map[string]string{"reason": ""}).problem(422)
	h.post("mailroom-mia", path+"/reject", map[string]string{"reason": "Advertising."}).into(200, &p)
	if p.State != "rejected" || p.Documents[0].Error != "Advertising." {
		t.Errorf("after reject: %+v", p)
	}
}

func TestUploadsThatFail(t *testing.T) {
	h := openHouse(t, func(h *house) { h.config.Intake.MaxSize = 1 << 20 })
	h.blobs.SetAway(true)
	a := h.do("agent-ben", "POST", "/intake", strings.NewReader("x"))
	if a.problem(503); a.header.Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
	h.blobs.SetAway(false)
	var got pieces
	h.do("agent-ben", "POST", "/intake", bytes.NewReader(make([]byte, 20<<20))).into(201, &got)
	if p := got.Pieces[0]; p.State != "rejected" || !p.Done || !strings.Contains(p.Documents[0].Error, "larger than 1 MB") {
		t.Errorf("over the limit: %+v", p)
	}
	_, err := h.try("agent-ben", "POST", "/intake", io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errBroken)))
	if !errors.Is(err, errBroken) {
		t.Error(err)
	}
	body, media := form(t, "a.txt", "a", "b.txt", "b")
	cut, _ := io.ReadAll(body)
	r := h.do("agent-ben", "POST", "/intake", bytes.NewReader(cut[:len(cut)-70]), "Content-Type", media)
	if p := r.problem(422); !strings.Contains(p.Detail, "The first 1 files were stored") {
		t.Error(p.Detail)
	}
}

// sink stores nothing: it takes the digest and forgets the bytes.
type sink struct{ *blob.Memory }

func (sink) Put(_ context.Context, key string, r io.Reader, _ blob.PutOptions) (blob.Object, error) {
	d := sha256.New()
	n, err := io.Copy(d, r)
	return blob.Object{Key: key, Version: "1", Size: n, SHA256: blob.SHA256(d.Sum(nil))}, err
}

// zeros are n bytes that note the most memory that was in use while they were read.
type zeros struct {
	left int
	most *atomic.Uint64
}

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	if z.left%(4<<20) < len(p) {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		z.most.Store(max(z.most.Load(), m.HeapAlloc))
	}
	n := min(len(p), z.left)
	clear(p[:n])
	z.left -= n
	return n, nil
}

// It runs alone, for it measures the memory of the process.
func TestAnUploadStreams(t *testing.T) {
	h := buildHouse(t, func(h *house) {
		h.config.Intake.Store = repository.NewStore(sink{h.blobs}, h.journal)
	})
	var before runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	const size = 50 << 20
	most := &atomic.Uint64{}
	check := func(how string) {
		t.Helper()
		if grown := int64(most.Load()) - int64(before.HeapAlloc); grown > 8<<20 {
			t.Errorf("%s: memory grew by %d MB while 50 MB came in", how, grown>>20)
		} else {
			t.Logf("%s: memory grew by %d kB", how, grown>>10)
		}
		most.Store(0)
	}
	h.do("agent-ben", "POST", "/intake", io.NopCloser(&zeros{size, most})).into(201, nil)
	check("raw")
	r, w := io.Pipe()
	m := multipart.NewWriter(w)
	go func() {
		part, err := m.CreateFormFile("file", "big.bin")
		if err == nil {
			_, err = io.Copy(part, &zeros{size + 1, most})
		}
		w.CloseWithError(errors.Join(err, m.Close()))
	}()
	var got pieces
	h.do("agent-ben", "POST", "/intake", r, "Content-Type", m.FormDataContentType()).into(201, &got)
	check("form")
	var stored int
	err := h.pool.QueryRow(t.Context(), "select size from capture.piece where receipt = $1", got.Pieces[0].Receipt).Scan(&stored)
	if err != nil || stored != size+1 {
		t.Errorf("stored %d bytes of %d (%v)", stored, size+1, err)
	}
}

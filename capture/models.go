package capture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"docket/capture/detect"
	"docket/capture/detect/pretrained"
	"docket/repository/postgres"
	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
)

// Models keeps the detection model that is in use. Models are trained in the background, stored in the database, and taken
// into use only when they are at least as good as the one before. Safe for concurrent use.
type Models struct {
	pool    *pgxpool.Pool
	log     *slog.Logger
	current atomic.Pointer[keptModel]
}

type keptModel struct {
	id int64
	*detect.Model
}

// LoadModels loads the newest model taken. In a new installation that is the one built into the binary; a binary without one
// trains it, which takes some seconds.
func LoadModels(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger, classes []taxonomy.Class) (*Models, error) {
	m := &Models{pool: pool, log: log}
	err := m.Refresh(ctx, classes)
	if !errors.Is(err, pgx.ErrNoRows) {
		return m, err
	}
	first, ok, err := pretrained.Model()
	if err == nil && !ok {
		log.Info("training the first detection model")
		first, err = detect.Default(classes)
	}
	if err != nil {
		return nil, fmt.Errorf("the first model: %w", err)
	}
	err = postgres.InTx(ctx, pool, func(tx pgx.Tx) error {
		return keep(ctx, tx, first, 0, true, "The first model, trained on the shipped material.", first.Quality())
	})
	if err != nil {
		return nil, err
	}
	return m, m.Refresh(ctx, classes)
}

// Detect says what a text is, by the model in use.
func (m *Models) Detect(text, language string) detect.Result {
	return m.current.Load().Detect(text, language)
}

// Use takes classes into use whose cues or thresholds an administrator has changed.
func (m *Models) Use(classes []taxonomy.Class) {
	k := m.current.Load()
	m.current.CompareAndSwap(k, &keptModel{k.id, k.WithClasses(classes)})
}

// Refresh takes the newest model into use when it is not yet, or another one that a colleague's server has trained.
func (m *Models) Refresh(ctx context.Context, classes []taxonomy.Class) error {
	known := int64(0)
	if k := m.current.Load(); k != nil {
		known = k.id
	}
	var k keptModel
	var content []byte
	err := m.pool.QueryRow(ctx, `select id, case when id = $1 then null else content end from capture.model
		where taken and material = $2 order by id desc limit 1`, known, material).Scan(&k.id, &content)
	if err != nil || k.id == known {
		return err
	}
	model, err := detect.Decode(bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("load detection model %d: %w", k.id, err)
	}
	k.Model = model.WithClasses(classes)
	m.current.Store(&k)
	m.log.Info("detection model in use", "model", k.id)
	return nil
}

// material names the shipped training material and the model's form: models trained with others are not loaded.
var material = detect.MaterialDigest()

func keep(ctx context.Context, tx pgx.Tx, m *detect.Model, examples int, taken bool, why string, score detect.Score) error {
	var content bytes.Buffer
	if err := m.Encode(&content); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "insert into capture.model (material, examples, taken, why, score, content) values ($1, $2, $3, $4, $5, $6)",
		material, examples, taken, why, score, content.Bytes())
	return err
}

// RetrainArgs asks to learn from what people have corrected since the model in use was trained.
type RetrainArgs struct{}

// Kind names the job.
func (RetrainArgs) Kind() string { return "capture.retrain" }

// InsertOpts puts the job in its queue.
func (RetrainArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: TrainQueue, MaxAttempts: 1, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: time.Minute}}
}

// A Retrainer works RetrainArgs: it trains, compares and keeps; the old model stays until the new one is at least as good.
type Retrainer struct {
	river.WorkerDefaults[RetrainArgs]
	Models  *Models
	Classes func(context.Context) ([]taxonomy.Class, error)
}

// Timeout lets a training take its time.
func (*Retrainer) Timeout(*river.Job[RetrainArgs]) time.Duration { return 10 * time.Minute }

// Work trains when enough was learned since the last time.
func (w *Retrainer) Work(ctx context.Context, _ *river.Job[RetrainArgs]) error {
	classes, err := w.Classes(ctx)
	if err != nil {
		return err
	}
	if err := w.Models.Refresh(ctx, classes); err != nil {
		return err
	}
	fresh, oldest, err := w.Models.fresh(ctx)
	if err != nil || !retrainDue(fresh, oldest, time.Now()) {
		return err
	}
	return w.Models.retrain(ctx, w.Models.current.Load().Model, classes)
}

// retrainDue says whether what is new is worth a training: ten corrections, or fewer that have waited for an hour.
func retrainDue(fresh int, oldest, now time.Time) bool {
	return fresh >= 10 || fresh > 0 && now.Sub(oldest) > time.Hour
}

// fresh counts the corrections since a model was last trained, taken or not, and gives the time of the oldest of them.
func (m *Models) fresh(ctx context.Context) (n int, oldest time.Time, err error) {
	err = m.pool.QueryRow(ctx, `select count(*), coalesce(min(at), now()) from capture.example
		where at > coalesce((select max(at) from capture.model where material = $1), 'epoch')`, material).Scan(&n, &oldest)
	return n, oldest, err
}

func (m *Models) retrain(ctx context.Context, old *detect.Model, classes []taxonomy.Class) error {
	shipped, err := detect.Shipped()
	if err != nil {
		return err
	}
	corrections, err := corrections(ctx, m.pool)
	if err != nil {
		return err
	}
	train, held := detect.Split(corrections)
	candidate, err := detect.Train(append(shipped, train...), detect.Config{Classes: classes, Seed: 1})
	if err != nil {
		return fmt.Errorf("train with %d corrections: %w", len(train), err)
	}
	verdict := detect.Better(old, candidate, held)
	err = postgres.InTx(ctx, m.pool, func(tx pgx.Tx) error {
		return keep(ctx, tx, candidate, len(corrections), verdict.Take, verdict.Why, verdict.New)
	})
	m.log.Info("retrained", "corrections", len(corrections), "taken", verdict.Take, "why", verdict.Why)
	return errors.Join(err, m.Refresh(ctx, classes))
}

// corrections are the texts whose class a person has decided, in one query.
func corrections(ctx context.Context, q postgres.Querier) ([]detect.Example, error) {
	rows, err := q.Query(ctx, `select e.class, e.language, string_agg(t.text, E'\n\n' order by t.page)
		from capture.example e join repository.document d on d.id = e.document
		join repository.page_text t on t.document = d.id and t.version = d.latest
		group by e.document, e.class, e.language order by e.document`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (detect.Example, error) {
		e := detect.Example{Weight: detect.CorrectionWeight}
		err := row.Scan(&e.Label, &e.Language, &e.Text)
		return e, err
	})
}

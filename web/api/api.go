package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"docket/capture"
	"docket/repository"
	"docket/repository/fault"
	"docket/repository/postgres"
	"docket/search"
	"docket/taxonomy"
	"docket/workflow"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Config is what the API is made of. The first group is needed.
type Config struct {
	Pool         *pgxpool.Pool
	Store        *repository.Store
	Plan         *taxonomy.Plan
	Search       search.Engine
	Intake       *capture.Intake
	Sheets       *capture.Sheets
	Desk         *workflow.Desk
	People       *workflow.People
	Authenticate func(*gin.Context) (workflow.User, error) // a fault of kind Denied when it is not known who asks
	Status       func(error) int                           // the one table from errors to statuses

	Log  *slog.Logger     // nil is slog.Default
	Zone *time.Location   // in which "today" is; nil is the machine's
	Now  func() time.Time // nil is time.Now
}

// server answers the API's requests. It is safe for concurrent use.
type server struct {
	Config
	api huma.API
}

// Base is where the API lies on the server.
const Base = "/api/v1"

// Mount adds the API to the engine under Base. Middleware that the engine already uses runs before it.
func Mount(engine *gin.Engine, c Config) error {
	s := &server{Config: c.withDefaults()}
	public := engine.Group(Base, s.recoverPanic)
	s.api = humagin.NewWithGroup(engine, public.Group("", s.admit), s.description())
	s.routes()
	description, err := s.describe()
	if err != nil {
		return err
	}
	public.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/openapi+json", description) })
	return nil
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if c.Zone == nil {
		c.Zone = time.Local
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// A visit is one request of one person.
type visit struct {
	gin *gin.Context
	who workflow.User
}

func (v *visit) ctx() context.Context { return v.gin.Request.Context() }

// reader is what the person may see.
func (v *visit) reader() taxonomy.Reader { return v.who.Reader() }

func (s *server) inTx(v *visit, f func(tx pgx.Tx) error) error {
	return postgres.InTx(v.ctx(), s.Pool, f)
}

// visitKey is where a request's context keeps the visit.
type visitKey struct{}

// admit lets in whom Authenticate knows.
func (s *server) admit(c *gin.Context) {
	who, err := s.Authenticate(c)
	if err != nil {
		if fault.Is(err, fault.Denied) {
			c.Header("WWW-Authenticate", `Bearer realm="docket"`)
			s.write(c, http.StatusUnauthorized, err)
		} else {
			s.write(c, s.Status(err), err)
		}
		c.Abort()
		return
	}
	v := &visit{gin: c, who: who}
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), visitKey{}, v))
	c.Header("Cache-Control", "no-store")
	c.Next()
}

// add makes h answer an operation: for people with one of the roles, or for everybody signed in when none is named.
func add[I, O any](s *server, op huma.Operation, roles []workflow.Role, h func(v *visit, in *I) (*O, error)) {
	op.Security = []map[string][]string{{"bearer": {}}, {"session": {}}}
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.Responses["default"] = s.problemResponse()
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*O, error) {
		v := ctx.Value(visitKey{}).(*visit)
		if len(roles) > 0 && !v.who.Has(roles...) {
			return nil, s.problem(v.ctx(), op.OperationID, fault.New(fault.Denied, "Your account has no role that may do this. Ask an administrator."))
		}
		out, err := h(v, in)
		if err != nil {
			return nil, s.problem(v.ctx(), op.OperationID, err)
		}
		return out, nil
	})
}

// recoverPanic turns a panic into an answer and a log line with its stack.
func (s *server) recoverPanic(c *gin.Context) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		s.Log.Error("panic", "route", c.FullPath(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		if !c.Writer.Written() {
			s.write(c, http.StatusInternalServerError, fmt.Errorf("panic: %v", p))
		}
		c.Abort()
	}()
	c.Next()
}

// description is the head of the OpenAPI document and how huma works.
func (s *server) description() huma.Config {
	c := huma.DefaultConfig("Docket", "1")
	c.Info.Description = "Records and claims. Send a bearer token made with 'docket token create'. Errors are application/problem+json (RFC 9457); " +
		"503 carries Retry-After. What you may not see is answered as what does not exist."
	c.Servers = []*huma.Server{{URL: Base}}
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer":  {Type: "http", Scheme: "bearer"},
		"session": {Type: "apiKey", In: "cookie", Name: "docket_session", Description: "the browser's session"},
	}
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	c.Transformers = []huma.Transformer{sayProblem}
	return c
}

// describe writes the OpenAPI document once all operations are there.
func (s *server) describe() ([]byte, error) {
	o := s.api.OpenAPI()
	for _, own := range []string{"ErrorModel", "ErrorDetail"} { // huma's; every operation answers with a Problem
		delete(o.Components.Schemas.Map(), own)
	}
	raw, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("describe the API: %w", err)
	}
	return raw, nil
}

package workflow

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"cel.dev/cel-go/cel"
)

// Limits on what an expression may be and cost. They bound memory and time, whatever an administrator writes.
const (
	maxExpression = 2000   // characters
	maxCost       = 10_000 // CEL's own units, about one for each operation
)

// Facts are what guards and routing conditions may ask about. Each field is one variable of the expression language.
type Facts struct {
	Class     string            // class
	State     string            // state
	Owner     string            // owner: a person's name, "" for nobody
	Team      string            // team
	Priority  string            // priority
	Language  string            // language
	Subject   string            // subject: a term
	Product   string            // product: a term
	Amount    float64           // amount: 0 when none is known
	Currency  string            // currency: ISO 4217
	Documents int               // documents: how many belong to the ticket
	Fields    map[string]string // fields: those of the document; empty in guards
	Opened    time.Time         // opened
	Now       time.Time         // now
	User      string            // user: who acts
	Roles     []string          // roles of who acts
	Teams     []string          // teams of who acts
}

func (f Facts) variables() map[string]any {
	if f.Fields == nil {
		f.Fields = map[string]string{}
	}
	return map[string]any{"class": f.Class, "state": f.State, "owner": f.Owner, "team": f.Team, "priority": f.Priority,
		"language": f.Language, "subject": f.Subject, "product": f.Product, "amount": f.Amount, "currency": f.Currency,
		"documents": f.Documents, "fields": f.Fields, "opened": f.Opened, "now": f.Now, "user": f.User, "roles": f.Roles, "teams": f.Teams}
}

// environment declares the variables of Facts, typed, so that a misspelt name or a wrong comparison is found when a process
// is saved and not when a ticket is moved.
var environment = sync.OnceValues(func() (*cel.Env, error) {
	text := []cel.EnvOption{cel.ParserExpressionSizeLimit(maxExpression)}
	for _, name := range []string{"class", "state", "owner", "team", "priority", "language", "subject", "product", "currency", "user"} {
		text = append(text, cel.Variable(name, cel.StringType))
	}
	return cel.NewEnv(append(text,
		cel.Variable("amount", cel.DoubleType),
		cel.Variable("documents", cel.IntType),
		cel.Variable("fields", cel.MapType(cel.StringType, cel.StringType)),
		cel.Variable("opened", cel.TimestampType),
		cel.Variable("now", cel.TimestampType),
		cel.Variable("roles", cel.ListType(cel.StringType)),
		cel.Variable("teams", cel.ListType(cel.StringType)))...)
})

// compiled keeps programs by their expression: there are few, and tickets ask for them all day.
var compiled sync.Map

// compile gives the program of a condition, nil for the empty one, which always holds.
func compile(expression string) (cel.Program, error) {
	if strings.TrimSpace(expression) == "" {
		return nil, nil
	}
	if p, ok := compiled.Load(expression); ok {
		return p.(cel.Program), nil
	}
	env, err := environment()
	if err != nil {
		return nil, err
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		return nil, fmt.Errorf("%q is not a condition: %w", expression, issues.Err())
	}
	if ast.OutputType() != cel.BoolType {
		return nil, fmt.Errorf("%q gives a %s, not true or false", expression, ast.OutputType())
	}
	p, err := env.Program(ast, cel.CostLimit(maxCost))
	if err == nil {
		compiled.Store(expression, p)
	}
	return p, err
}

// holds evaluates a condition. An error of the evaluation (a missing field, the cost limit) is an error, not a no.
func holds(expression string, f Facts) (bool, error) {
	p, err := compile(expression)
	if err != nil || p == nil {
		return err == nil, err
	}
	out, _, err := p.Eval(f.variables())
	if err != nil {
		return false, fmt.Errorf("condition %q: %w", expression, err)
	}
	yes, _ := out.Value().(bool)
	return yes, nil
}

// Assignment says who gets a new ticket: the first route whose condition holds. A route that cannot be evaluated is passed
// over, for a letter must not be lost to a bad rule.
func (p *Process) Assignment(f Facts) Route {
	for _, r := range p.Routes {
		if yes, err := holds(r.When, f); err == nil && yes {
			if r.Priority == "" {
				r.Priority = Normal
			}
			return r
		}
	}
	return Route{Priority: Normal}
}

// amountOf splits the normalised form of an amount, "1234.50 EUR".
func amountOf(value string) (float64, string) {
	number, currency, _ := strings.Cut(value, " ")
	amount, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return 0, ""
	}
	return amount, currency
}

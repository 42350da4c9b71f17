package workflow

import (
	"context"

	"docket/repository/fault"
	"docket/repository/journal"

	"github.com/jackc/pgx/v5"
)

// DemoUsers are the people of the demonstration, one for each sort of day, without passwords.
var DemoUsers = []User{
	{Name: "mia", Title: "Mia Berger", Roles: []Role{Mailroom}, Teams: []string{"mailroom"}},
	{Name: "anna", Title: "Anna Kovač", Roles: []Role{Agent}, Teams: []string{"complaints", "service"}},
	{Name: "piotr", Title: "Piotr Nowak", Roles: []Role{Agent}, Teams: []string{"claims"}},
	{Name: "rita", Title: "Rita Szabó", Roles: []Role{RecordsManager}, Teams: []string{"records"}},
}

// AddDemoUsers makes those of DemoUsers that are not there yet, all with one password, and gives those that it made.
func (p *People) AddDemoUsers(ctx context.Context, tx pgx.Tx, password string) ([]User, error) {
	var made []User
	for _, u := range DemoUsers {
		switch _, err := p.UserByName(ctx, tx, u.Name); {
		case err == nil:
			continue
		case !fault.Is(err, fault.NotFound):
			return nil, err
		}
		u, err := p.Add(ctx, tx, journal.System("demo"), u, password)
		if err != nil {
			return nil, err
		}
		made = append(made, u)
	}
	return made, nil
}

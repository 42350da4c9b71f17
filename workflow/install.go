package workflow

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"docket/taxonomy"

	"github.com/jackc/pgx/v5"
)

// InstallShipped brings the definitions that ship with the program into the database: the pack of package taxonomy, processes and
// templates of answers. It can be run again, with those of a later program too; what the house has changed stays as it is.
func InstallShipped(ctx context.Context, tx pgx.Tx) error {
	pack, err := taxonomy.LoadPack()
	if err != nil {
		return err
	}
	processes, err := shippedProcesses()
	if err != nil {
		return err
	}
	templates, err := shippedTemplates()
	if err != nil {
		return err
	}
	return errors.Join(taxonomy.Install(ctx, tx, pack), installProcesses(ctx, tx, processes), installTemplates(ctx, tx, templates))
}

// installProcesses writes processes into the database: one that differs from its newest version becomes the next version. It can be
// run again.
func installProcesses(ctx context.Context, tx pgx.Tx, all []*Process) error {
	for _, p := range all {
		shipped := *p
		shipped.Version = 0
		body, err := json.Marshal(shipped)
		if err != nil {
			return fmt.Errorf("install process %s: %w", p.ID, err)
		}
		_, err = tx.Exec(ctx, `insert into workflow.process (id, version, body)
			select $1, coalesce(max(version), 0) + 1, $2::jsonb from workflow.process where id = $1
			having not exists (select from workflow.process p where p.id = $1 and p.body = $2::jsonb
				and p.version = (select max(version) from workflow.process where id = $1))
			on conflict do nothing`, p.ID, string(body))
		if err != nil {
			return fmt.Errorf("install process %s: %w", p.ID, err)
		}
	}
	return nil
}

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"docket/workflow"
)

// withApp opens the data folder of a command in a role, has f use it, and closes all of it again.
func withApp(ctx context.Context, std stdio, c config, r role, f func(*app) error) error {
	log, err := c.logger(std)
	if err != nil {
		return err
	}
	return runApp(ctx, c, log, r, f)
}

// runApp is withApp with a log of the caller's.
func runApp(ctx context.Context, c config, log *slog.Logger, r role, f func(*app) error) error {
	s, err := openStack(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := s.close(); err != nil {
			log.Error("stop", "error", err)
		}
	}()
	a, err := compose(ctx, s, r)
	if err != nil {
		return err
	}
	return f(a)
}

// start takes back the jobs that a killed predecessor was running and begins to work.
func (a *app) start(ctx context.Context) error {
	back, err := a.pool.Exec(ctx, `update river.river_job set state = 'available', scheduled_at = now()
		where state = 'running' and attempted_by[array_upper(attempted_by, 1)] = $1`, a.role.name)
	if err != nil {
		return fmt.Errorf("take back jobs: %w", err)
	}
	if n := back.RowsAffected(); n > 0 {
		a.log.Info("taking up the jobs that were cut off", "jobs", n)
	}
	if a.role.index {
		if err := a.follower.FillIfEmpty(ctx); err != nil {
			return err
		}
		a.inBackground(context.WithoutCancel(ctx), a.follower.Run) // the index has one writer
	}
	if a.role.works(workflow.SendQueue) && a.config.Relay != "" {
		if err := a.resumeSending(ctx); err != nil {
			return err
		}
	}
	if a.models != nil {
		a.inBackground(ctx, a.followModels)
	}
	return a.startJobs(ctx)
}

// startJobs begins to work the role's queues, if it has any.
func (a *app) startJobs(ctx context.Context) error {
	if len(a.queues()) == 0 {
		return nil
	}
	if err := a.jobs.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	a.opened(func(ctx context.Context) error {
		if err := a.jobs.Stop(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return nil
	})
	return nil
}

package main

import (
	"context"
	"time"

	"docket/capture"
	"docket/taxonomy"
)

// loadModels takes into use what detection has learned.
func (a *app) loadModels(ctx context.Context) error {
	classes, err := a.classes(ctx)
	if err != nil {
		return err
	}
	a.models, err = capture.LoadModels(ctx, a.pool, a.log, classes)
	return err
}

// modelsEvery is how soon a process works with a model that another one has trained.
const modelsEvery = time.Minute

// followModels takes models into use that other processes have trained.
func (a *app) followModels(ctx context.Context) error {
	for tick := time.Tick(modelsEvery); ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick:
		}
		classes, err := a.classes(ctx)
		if err == nil {
			err = a.models.Refresh(ctx, classes)
		}
		if err != nil && ctx.Err() == nil {
			a.log.Warn("look for a newer detection model", "error", err)
		}
	}
}

func (a *app) classes(ctx context.Context) ([]taxonomy.Class, error) {
	c, err := a.plan.Catalogue(ctx, a.pool)
	if err != nil {
		return nil, err
	}
	return c.Classes, nil
}

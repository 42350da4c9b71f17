package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"time"

	"docket/capture"
	"docket/repository/fault"
	"docket/web"
)

// runServe runs the whole of Docket until it is told to stop.
func runServe(ctx context.Context, std stdio, args []string) error {
	var demo bool
	c, words, err := configure("serve", args, func(f *flag.FlagSet) {
		f.BoolVar(&demo, "demo", false, "in an empty data folder: make demo users and take in a small mailbag")
	})
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	as, err := c.server()
	if err != nil {
		return err
	}
	if running(c.Data) {
		return fault.New(fault.Conflict, "Another docket server runs on the data folder %s. Stop it first, or choose another folder with --data.", c.Data)
	}
	began := time.Now()
	return withApp(ctx, std, c, as, func(a *app) error { return a.serve(ctx, std, demo, began) })
}

// serve begins everything in the order in which one part needs another, and ends when it is told to stop or a part has ended.
func (a *app) serve(ctx context.Context, std stdio, demo bool, began time.Time) error {
	if err := a.stopScreening(ctx); err != nil {
		return err
	}
	logins, err := a.firstUsers(ctx, demo)
	if err != nil {
		return err
	}
	if err := a.start(ctx); err != nil {
		return err
	}
	if err := a.control(); err != nil {
		return err
	}
	a.watchHotFolder(ctx)
	if err := a.takeMail(ctx); err != nil {
		return err
	}
	site, err := web.New(a.site())
	if err != nil {
		return err
	}
	failed, err := a.listen(site.Handler())
	if err != nil {
		return err
	}
	a.inBackground(ctx, site.Run)
	a.log.Info("ready", "address", a.config.Listen, "seconds", time.Since(began).Seconds())
	a.welcome(std, logins)
	if demo {
		a.inBackground(ctx, a.captureDemo)
	}
	select {
	case <-ctx.Done():
		a.log.Info("stopping")
		return nil
	case err := <-failed:
		return err
	case err := <-a.died:
		return err
	}
}

// watchHotFolder takes in what appears in the hot folder, unless it is off.
func (a *app) watchHotFolder(ctx context.Context) {
	dir := a.config.HotFolder
	if dir == "off" {
		return
	}
	if dir == "" {
		dir = filepath.Join(a.config.Data, "hotfolder")
	}
	h := &capture.HotFolder{Dir: dir, Source: capture.HotFolderSource, Receive: a.intake.Receive, Known: a.intake.Folders, Log: a.log}
	a.inBackground(ctx, h.Run)
}

// welcome says where to go and who may come in.
func (a *app) welcome(std stdio, logins []login) {
	fmt.Fprintf(std.Out, "\nDocket runs at http://%s\n", a.config.Listen)
	for _, l := range logins {
		fmt.Fprintf(std.Out, "  %-10s %-22s %s\n", l.name, l.password, l.about)
	}
	fmt.Fprintln(std.Out, "Files put into the hot folder are taken in. Stop with Ctrl-C.")
}

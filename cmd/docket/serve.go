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
	log, err := c.logger(std)
	if err != nil {
		return err
	}
	as, err := c.server()
	if err != nil {
		return err
	}
	if running(c.Data) {
		return fault.New(fault.Conflict, "Another docket server runs on the data folder %s. Stop it first, or choose another folder with --data.", c.Data)
	}
	began := time.Now()
	s, err := openStack(ctx, c, log)
	if err != nil {
		return err
	}
	defer func() {
		if err := s.close(); err != nil {
			log.Error("stop", "error", err)
		}
	}()
	a, err := compose(ctx, s, as)
	if err != nil {
		return err
	}
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
	log.Info("ready", "address", c.Listen, "seconds", time.Since(began).Seconds())
	a.welcome(std, logins)
	if demo {
		a.inBackground(ctx, func(ctx context.Context) error { return a.captureDemo(ctx) })
	}
	select {
	case <-ctx.Done():
		log.Info("stopping")
		return nil
	case err := <-failed:
		return err
	case err := <-s.died:
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

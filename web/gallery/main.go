package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

// run makes the gallery in the folder args[1] with the binary args[0].
func run(ctx context.Context, args []string) (err error) {
	if len(args) != 2 {
		return errors.New("usage: gallery BINARY FOLDER")
	}
	binary, err := filepath.Abs(args[0])
	if err != nil {
		return err
	}
	h, err := open(ctx, binary)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := h.work(ctx); err != nil {
		return err
	}
	b, closeBrowser, err := openBrowser(ctx, h.base)
	if err != nil {
		return err
	}
	defer closeBrowser()
	for _, s := range shots {
		fmt.Println(s.file(), "–", s.title)
		if err := b.take(s, filepath.Join(args[1], s.file())); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return os.WriteFile(filepath.Join(args[1], "README.md"), []byte(index()), 0o644)
}

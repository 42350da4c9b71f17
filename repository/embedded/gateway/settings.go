package gateway

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"docket/repository/blob"
	"docket/repository/fault"

	"github.com/versity/versitygw/backend/meta"
)

// bucket is the one bucket that Docket uses.
const bucket = "docket"

// region is what the gateway calls itself; S3 signs with it.
const region = "us-east-1"

// settings are what is kept of a gateway between its starts.
type settings struct {
	Port      int    `json:"port"`
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
	Sidecar   bool   `json:"sidecar"` // attributes in files beside the objects
}

func (s settings) address() string { return fmt.Sprintf("127.0.0.1:%d", s.Port) }

func settingsFile(folder string) string { return filepath.Join(folder, "gateway.json") }

// The folders of a gateway, inside its own.
func objects(folder string) string    { return filepath.Join(folder, "objects") }
func versions(folder string) string   { return filepath.Join(folder, "versions") }
func attributes(folder string) string { return filepath.Join(folder, "attributes") }

// Address says how to reach the gateway of folder, whether or not it runs: for a command that works beside a running server of
// the same data folder.
func Address(folder string) (blob.S3Config, error) {
	s, err := load(folder)
	if errors.Is(err, os.ErrNotExist) {
		return blob.S3Config{}, fault.Wrap(err, fault.NotFound, "There is no object store in %s yet.", folder)
	}
	return s.s3(), err
}

func (s settings) s3() blob.S3Config {
	return blob.S3Config{Endpoint: "http://" + s.address(), Bucket: bucket, Region: region,
		AccessKey: s.AccessKey, SecretKey: s.SecretKey, PathStyle: true}
}

func load(folder string) (settings, error) {
	text, err := os.ReadFile(settingsFile(folder))
	if err != nil {
		return settings{}, err
	}
	var s settings
	if err := json.Unmarshal(text, &s); err != nil {
		return settings{}, fmt.Errorf("%s: %w", settingsFile(folder), err)
	}
	return s, nil
}

// save replaces the file as a whole, so that a crash leaves the old one or the new one.
func (s settings) save(folder string) error {
	text, err := json.MarshalIndent(s, "", "\t")
	if err != nil {
		return err
	}
	draft := settingsFile(folder) + ".new"
	if err := os.WriteFile(draft, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(draft, settingsFile(folder))
}

// settle makes the folders and gives the settings, new ones for a new folder.
func settle(c Config) (settings, error) {
	for _, f := range []string{objects(c.Folder), versions(c.Folder), attributes(c.Folder)} {
		if err := os.MkdirAll(f, 0o700); err != nil {
			return settings{}, err
		}
	}
	lacking := meta.XattrMeta{}.Test(objects(c.Folder))
	s, err := load(c.Folder)
	if err == nil && !s.Sidecar && lacking != nil {
		return settings{}, fault.Wrap(lacking, fault.Unsupported, "The object store in %s keeps its notes in extended attributes of files, "+
			"and this file system has none. Move the folder back, with its attributes (cp -a, rsync -X), to a file system that has them.", c.Folder)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return s, err
	}
	if lacking != nil {
		c.Logger.Warn("this file system has no extended attributes: the object store keeps its notes in files, which is slower",
			"folder", c.Folder, "cause", lacking)
	}
	s = settings{AccessKey: rand.Text(), SecretKey: rand.Text() + rand.Text(), Sidecar: c.Sidecar || lacking != nil}
	if s.Port, err = freePort(); err != nil {
		return settings{}, err
	}
	return s, s.save(c.Folder)
}

// freePort is a port of the loopback interface on which nobody listens at the moment.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"runtime"
	"strings"
	"text/tabwriter"

	"docket/capture/clamd"
	"docket/workflow/relay"
)

// A config is everything that can be configured. Each setting is a flag of every subcommand; where the command line does not
// say, the environment does: --s3-endpoint is DOCKET_S3_ENDPOINT. 'docket config' prints what is in force.
type config struct {
	Data          string // the data folder
	Listen        string // host:port of the web server
	Site          string // URL under which people reach the pages; empty: http://Listen
	Secure        bool   // browsers reach us over TLS, at a proxy
	Proxies       string // addresses whose X-Forwarded-For is believed, separated by commas
	URL           string // of the server that client commands speak to
	Token         string // bearer token of client commands
	AdminPassword string // of the user admin that an empty data folder gets; random when empty

	DatabaseURL string // empty: a private PostgreSQL in the data folder

	S3Endpoint  string // host[:port]; empty: a private gateway in the data folder
	S3Bucket    string
	S3Region    string
	S3AccessKey string
	S3SecretKey string
	S3PathStyle bool
	S3TLS       bool

	SMTP        string // host:port where messages are taken in; empty: nowhere
	LMTP        string // host:port or the path of a Unix socket, for a mail server of the house; empty: nowhere
	MailHost    string // what the mail server calls itself; empty: the machine's name
	MailCert    string // PEM files for STARTTLS; empty offers none
	MailKey     string
	MailForms   string // addresses that the house's own web forms send from, separated by commas
	MailTrusted string // names of the house's mail servers whose Authentication-Results count, separated by commas
	MailDNS     string // host:port that is asked for SPF, DKIM and DMARC; empty: as the machine is set up
	MailHops    int    // Received fields that these write above their results
	MasterKey   string // of the keyring; empty: a file in the data folder

	Relay         string // URL of the mail server that takes what we send; empty: nothing is sent
	RelayUser     string
	RelayPassword string
	DKIMKey       string // PEM file; empty: nothing is signed
	DKIMSelector  string // under which the domains of channels publish the key

	Clamd         string // where clamd listens; empty: nothing is checked for viruses
	ClamdOversize string // what is done with what is too large for it: "hold" or "pass"

	Search     string // "bleve"
	House      string // JSON file that says who we are; empty: the house of the sample post
	HotFolder  string // empty: <data>/hotfolder
	MaxSize    size   // of one piece
	Queues     string // worked here: "all", "none", or names separated by commas
	OCRWorkers int    // recognition processes
	Readers    int    // pieces read at the same time
	Log        string // debug, info, warn, error
	LogFormat  string // text, json
}

// secrets are the settings whose values are never printed.
var secrets = map[string]bool{"token": true, "admin-password": true, "database-url": true, "s3-secret-key": true, "master-key": true, "relay-password": true}

func defaultConfig() config {
	cores := runtime.NumCPU()
	return config{Data: "var", Listen: "127.0.0.1:8080", URL: "http://127.0.0.1:8080", S3Bucket: "docket", S3Region: "us-east-1",
		S3PathStyle: true, S3TLS: true, DKIMSelector: "docket", ClamdOversize: "hold", Search: "bleve", Queues: "all", MaxSize: 200 << 20, OCRWorkers: cores, Readers: cores + 1, Log: "info", LogFormat: "text"}
}

// flags declares the settings on a new flag set with what is in force so far as defaults.
func (c *config) flags(command string) *flag.FlagSet {
	f := flag.NewFlagSet(command, flag.ContinueOnError)
	f.StringVar(&c.Data, "data", c.Data, "data folder: database, objects, index, when they are not configured elsewhere")
	f.StringVar(&c.Listen, "listen", c.Listen, "host:port of the web server")
	f.StringVar(&c.Site, "site", c.Site, "URL under which people reach the pages, for links in messages to them, as https://docket.example; empty is http:// and --listen")
	f.BoolVar(&c.Secure, "secure", c.Secure, "browsers reach the server over TLS at a proxy: cookies and HSTS say so")
	f.StringVar(&c.Proxies, "trusted-proxies", c.Proxies, "addresses of proxies whose X-Forwarded-For is believed, separated by commas")
	f.StringVar(&c.URL, "url", c.URL, "address of the server for client commands")
	f.StringVar(&c.Token, "token", c.Token, "bearer token for client commands; see 'docket token create'")
	f.StringVar(&c.AdminPassword, "admin-password", c.AdminPassword, "password of the user admin in an empty data folder; random when empty")
	f.StringVar(&c.DatabaseURL, "database-url", c.DatabaseURL, "PostgreSQL 15 or newer; empty runs a private one in the data folder")
	f.StringVar(&c.S3Endpoint, "s3-endpoint", c.S3Endpoint, "host:port of the object store; empty runs a private gateway in the data folder")
	f.StringVar(&c.S3Bucket, "s3-bucket", c.S3Bucket, "bucket; made with versioning and Object Lock when it is not there")
	f.StringVar(&c.S3Region, "s3-region", c.S3Region, "region of the bucket")
	f.StringVar(&c.S3AccessKey, "s3-access-key", c.S3AccessKey, "access key; empty takes AWS_ACCESS_KEY_ID")
	f.StringVar(&c.S3SecretKey, "s3-secret-key", c.S3SecretKey, "secret key; empty takes AWS_SECRET_ACCESS_KEY")
	f.BoolVar(&c.S3PathStyle, "s3-path-style", c.S3PathStyle, "address the bucket in the path, as MinIO wants, not in the host name")
	f.BoolVar(&c.S3TLS, "s3-tls", c.S3TLS, "speak HTTPS to the object store")
	f.StringVar(&c.SMTP, "smtp", c.SMTP, "host:port where messages to the house's channels are taken in by SMTP; empty is nowhere")
	f.StringVar(&c.LMTP, "lmtp", c.LMTP, "host:port, or path of a Unix socket, where the house's mail server hands them over by LMTP; empty is nowhere")
	f.StringVar(&c.MailHost, "mail-host", c.MailHost, "what the mail server calls itself; empty is the machine's name")
	f.StringVar(&c.MailCert, "mail-cert", c.MailCert, "PEM file with the mail server's certificate, for STARTTLS; read again when it changes")
	f.StringVar(&c.MailKey, "mail-key", c.MailKey, "PEM file with its key")
	f.StringVar(&c.MailForms, "mail-forms", c.MailForms, "addresses that the house's own web forms send from, separated by commas: their Reply-To is the sender, when the message is proved to come from them")
	f.StringVar(&c.MailTrusted, "mail-trusted", c.MailTrusted, "names under which the house's own mail servers write Authentication-Results (RFC 8601), separated by commas; those of others are not believed")
	f.StringVar(&c.MailDNS, "mail-dns", c.MailDNS, "host:port of the name server that is asked who may send mail; empty is the machine's")
	f.IntVar(&c.MailHops, "mail-hops", c.MailHops, "how many Received fields these servers write above their results")
	f.StringVar(&c.MasterKey, "master-key", c.MasterKey, "64 hexadecimal digits with which passwords of mailboxes are kept and answers are recognised, the same on all machines; empty is a key in the data folder")
	f.StringVar(&c.Relay, "relay", c.Relay, "mail server that takes what is sent, as smtp://host:587 or smtps://host:465; empty sends nothing")
	f.StringVar(&c.RelayUser, "relay-user", c.RelayUser, "account at the relay; empty does not sign in")
	f.StringVar(&c.RelayPassword, "relay-password", c.RelayPassword, "its password")
	f.StringVar(&c.DKIMKey, "dkim-key", c.DKIMKey, "PEM file with the RSA or Ed25519 key that signs what is sent (DKIM); empty signs nothing")
	f.StringVar(&c.DKIMSelector, "dkim-selector", c.DKIMSelector, "name under which the domains of the channels publish that key")
	f.StringVar(&c.Clamd, "clamd", c.Clamd, "virus scanner that is asked before anything is opened, as unix:/run/clamav/clamd.ctl or host:3310, the same on all machines; empty checks nothing")
	f.StringVar(&c.ClamdOversize, "clamd-oversize", c.ClamdOversize, "what is done with files that are too large for the scanner: hold, until a person releases them, or pass")
	f.StringVar(&c.Search, "search", c.Search, "full-text engine: bleve, in the data folder")
	f.StringVar(&c.House, "house", c.House, "JSON file with the organisation's own Names, Addresses, Emails, Phones and IBANs; empty is the house of the sample post")
	f.StringVar(&c.HotFolder, "hot-folder", c.HotFolder, "folder whose files are taken in; empty is hotfolder in the data folder, \"off\" is none")
	f.Var(&c.MaxSize, "max-size", "largest piece accepted, as 200MB")
	f.StringVar(&c.Queues, "queues", c.Queues, "queues that serve and work work: "+strings.Join(sharedQueues, ", ")+", separated by commas; all; or none, which leaves them to 'docket work'")
	f.IntVar(&c.OCRWorkers, "ocr-workers", c.OCRWorkers, "recognition processes, one core each")
	f.IntVar(&c.Readers, "readers", c.Readers, "pieces read at the same time")
	f.StringVar(&c.Log, "log", c.Log, "least level that is logged: debug, info, warn, error")
	f.StringVar(&c.LogFormat, "log-format", c.LogFormat, "text or json")
	return f
}

// environment takes settings from DOCKET_ variables. A variable that does not fit is an error, not ignored.
func (c *config) environment(lookup func(string) (string, bool)) error {
	var problems []error
	f := c.flags("environment")
	f.VisitAll(func(s *flag.Flag) {
		if v, ok := lookup(variable(s.Name)); ok && v != "" {
			if err := f.Set(s.Name, v); err != nil {
				problems = append(problems, fmt.Errorf("%s: %w", variable(s.Name), err))
			}
		}
	})
	return errors.Join(problems...)
}

// variable is the environment variable of a setting.
func variable(name string) string {
	return "DOCKET_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// configure takes settings from the environment and then from the command line, and gives the words that are no flags. own
// declares the subcommand's own flags.
func configure(command string, args []string, own func(*flag.FlagSet)) (config, []string, error) {
	return defaultConfig().configure(command, args, own)
}

// configure is the function of that name for a subcommand with defaults of its own.
func (c config) configure(command string, args []string, own func(*flag.FlagSet)) (config, []string, error) {
	if err := c.environment(os.LookupEnv); err != nil {
		return c, nil, usagef("%v", err)
	}
	f := c.flags(command)
	if own != nil {
		own(f)
	}
	words, err := parse(f, args)
	if err == nil {
		err = c.check()
	}
	return c, words, err
}

// check refuses settings that cannot work, before anything is started.
func (c *config) check() error {
	switch {
	case c.Search != "bleve":
		return usagef("--search %q: only bleve is built in", c.Search)
	case c.OCRWorkers < 1 || c.Readers < 1:
		return usagef("--ocr-workers and --readers must be at least 1")
	case c.Site != "" && !isSite(c.Site):
		return usagef("--site %q is no URL of a web server, such as https://docket.example", c.Site)
	case c.MaxSize < 1:
		return usagef("--max-size must be more than nothing")
	case (c.MailCert == "") != (c.MailKey == ""):
		return usagef("--mail-cert and --mail-key belong together")
	case c.DKIMKey != "" && c.DKIMSelector == "":
		return usagef("--dkim-key needs --dkim-selector, the name under which it is published")
	case c.ClamdOversize != "hold" && c.ClamdOversize != "pass":
		return usagef("--clamd-oversize %q: use hold or pass", c.ClamdOversize)
	case (c.S3AccessKey == "") != (c.S3SecretKey == ""):
		return usagef("--s3-access-key and --s3-secret-key belong together")
	}
	if c.Clamd != "" {
		if _, err := clamd.Parse(c.Clamd); err != nil {
			return err
		}
	}
	if c.Relay == "" {
		return nil
	}
	_, err := relay.Parse(c.Relay, c.RelayUser, c.RelayPassword)
	return err
}

// isSite says whether a text is the URL of a web server's pages.
func isSite(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.RawQuery == "" && u.Fragment == ""
}

// pages is the URL of the pages, without a slash at its end.
func (c *config) pages() string {
	if c.Site == "" {
		return "http://" + c.Listen
	}
	return strings.TrimRight(c.Site, "/")
}

// logger writes to standard error, so that standard output is a command's answer alone.
func (c *config) logger(std stdio) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Log)); err != nil {
		return nil, usagef("--log %q: use debug, info, warn or error", c.Log)
	}
	options := &slog.HandlerOptions{Level: level}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(std.Err, options)), nil
	}
	return slog.New(slog.NewTextHandler(std.Err, options)), nil
}

// runConfig prints every setting, its value in force and its variable, secrets masked.
func runConfig(_ context.Context, std stdio, args []string) error {
	c, words, err := configure("config", args, nil)
	if err != nil || len(words) > 0 {
		return errors.Join(err, unexpected(words))
	}
	w := tabwriter.NewWriter(std.Out, 0, 0, 2, ' ', 0)
	c.flags("config").VisitAll(func(s *flag.Flag) {
		fmt.Fprintf(w, "%s\t%s\t%s\n", variable(s.Name), shown(s), s.Usage)
	})
	return w.Flush()
}

func shown(s *flag.Flag) string {
	switch v := s.Value.String(); {
	case v == "":
		return "-"
	case secrets[s.Name]:
		return "********"
	default:
		return v
	}
}

// unexpected is the error for words that a subcommand does not take, nil when there are none.
func unexpected(words []string) error {
	if len(words) == 0 {
		return nil
	}
	return usagef("unexpected %q", words[0])
}

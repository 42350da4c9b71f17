package bench

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"docket/capture/mail/verify"
	"docket/repository/fault"

	"go.yaml.in/yaml/v3"
)

// An ARCReport is how far we agree with a suite of messages about the chains of those who passed them on (RFC 8617).
type ARCReport struct {
	Cases int       `json:"cases"`
	Agree int       `json:"agree"`
	Mute  int       `json:"mute"`  // of which the suite says nothing, such as of a chain that was broken before
	Other []ARCCase `json:"other"` // where we do not
}

// An ARCCase is a message about whose chain we say something else than the suite.
type ARCCase struct {
	Name   string `json:"name"`
	About  string `json:"about"`
	Want   string `json:"want"`
	Got    string `json:"got"`
	Detail string `json:"detail,omitempty"`
}

// An arcDocument is a part of a suite as YAML: messages with what is to be said of each, and the records of the DNS.
type arcDocument struct {
	Tests   arcTests          `yaml:"tests"`
	Records map[string]string `yaml:"txt-records"`
}

type arcTest struct {
	Name        string `yaml:"-"`
	Description string `yaml:"description"`
	Message     string `yaml:"message"`
	CV          string `yaml:"cv"`
}

// arcTests are read one by one, since a suite may use a name twice.
type arcTests []arcTest

// UnmarshalYAML reads a mapping of names to tests.
func (t *arcTests) UnmarshalYAML(node *yaml.Node) error {
	for i := 0; i+1 < len(node.Content); i += 2 {
		one := arcTest{Name: node.Content[i].Value}
		if err := node.Content[i+1].Decode(&one); err != nil {
			return err
		}
		*t = append(*t, one)
	}
	return nil
}

// ARC checks every message of a suite, asking only the records that it brings.
func ARC(ctx context.Context, file string) (*ARCReport, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "The suite %s cannot be read.", file)
	}
	defer f.Close()
	r := &ARCReport{Other: []ARCCase{}}
	for d := yaml.NewDecoder(f); ; {
		var part arcDocument
		if err := d.Decode(&part); err == io.EOF {
			break
		} else if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "The suite %s is not the YAML it should be: %v.", file, err)
		}
		r.add(ctx, part)
	}
	slices.SortFunc(r.Other, func(a, b ARCCase) int { return strings.Compare(a.Name, b.Name) })
	return r, nil
}

func (r *ARCReport) add(ctx context.Context, part arcDocument) {
	checker := verify.Checker{Resolver: arcRecords(part.Records)}
	for _, c := range part.Tests {
		want := strings.ToLower(strings.TrimSpace(c.CV))
		if r.Cases++; want == "" {
			r.Mute++
			continue
		}
		message := strings.ReplaceAll(c.Message, "\n", "\r\n")
		got := checker.Check(ctx, strings.NewReader(message), verify.Envelope{}).ARC
		if string(got.Result) == want {
			r.Agree++
			continue
		}
		r.Other = append(r.Other, ARCCase{c.Name, c.Description, want, string(got.Result), got.Detail})
	}
}

// Table lists what we do not agree about.
func (r *ARCReport) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, c := range r.Other {
		fmt.Fprintf(t, "%s\t%s\twant %s\tgot %s\t%s\n", c.Name, c.About, c.Want, c.Got, c.Detail)
	}
	fmt.Fprintf(t, "%d of %d agree; of %d more the suite says nothing\n", r.Agree, r.Cases-r.Mute, r.Mute)
	return t.Flush()
}

// arcRecords are the TXT records of a suite; there are no others.
type arcRecords map[string]string

func (r arcRecords) LookupTXT(_ context.Context, name string) ([]string, error) {
	if text, ok := r[strings.TrimSuffix(strings.ToLower(name), ".")]; ok {
		return []string{text}, nil
	}
	return nil, nowhere(name)
}

func (r arcRecords) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, nowhere(name)
}

func (r arcRecords) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	return nil, nowhere(name)
}

func (r arcRecords) LookupAddr(_ context.Context, address string) ([]string, error) {
	return nil, nowhere(address)
}

func nowhere(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

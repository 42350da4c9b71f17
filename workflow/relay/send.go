package relay

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"

	"docket/repository/say"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// An Envelope says who sends a message and who gets it.
type Envelope struct {
	From string // empty: the null return path, to which nothing comes back
	To   []string
	Size int64 // of the message, in bytes
}

// A Receipt is what the relay said of a message that it took.
type Receipt struct {
	Answer  string    // its last words
	Refused []Refusal // recipients that it refused for good; the others get the message
}

// A Refusal is a recipient that was refused for good.
type Refusal struct {
	Address string
	Unknown bool // there is no such mailbox (RFC 3463, 5.1.x)
	Answer  string
}

// Send hands a message over. Any error is a [Failure], except that a context that ends gives its own error.
func (r *Relay) Send(ctx context.Context, e Envelope, message io.Reader) (Receipt, error) {
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(r.Timeout, DefaultTimeout))
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.Address)
	if err != nil {
		return Receipt{}, again(caller, err, say.Text("The mail server %s cannot be reached.", r.Address))
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	c, err := r.open(conn)
	if err != nil {
		return Receipt{}, again(caller, err, say.Text("The mail server %s does not let us in.", r.Address))
	}
	defer c.Close()
	receipt, err := transfer(c, e, message)
	if err == nil {
		c.Quit() // the message is theirs, whatever they say to that
		return receipt, nil
	}
	return receipt, judged(caller, err)
}

// open says hello, turns TLS on and signs in.
func (r *Relay) open(conn net.Conn) (c *smtp.Client, err error) {
	switch {
	case r.StartTLS:
		if c, err = smtp.NewClientStartTLS(conn, r.config()); err != nil {
			return nil, err
		}
	case r.TLS:
		c = smtp.NewClient(tls.Client(conn, r.config()))
	default:
		c = smtp.NewClient(conn)
	}
	if err := c.Hello(r.name()); err != nil {
		return nil, err
	}
	if r.User == "" {
		return c, nil
	}
	switch {
	case c.SupportsAuth(sasl.Plain):
		return c, c.Auth(sasl.NewPlainClient("", r.User, r.Password))
	case c.SupportsAuth(sasl.Login):
		return c, c.Auth(sasl.NewLoginClient(r.User, r.Password))
	}
	if offered, _ := c.Extension("STARTTLS"); offered && !r.StartTLS {
		return nil, errors.New("it lets nobody sign in before STARTTLS: write ?starttls=yes behind its address")
	}
	return nil, errors.New("it offers no way to sign in that we know: PLAIN and LOGIN")
}

// errNobody is returned when every recipient was refused for good.
var errNobody = errors.New("every recipient was refused")

// transfer is one mail transaction.
func transfer(c *smtp.Client, e Envelope, message io.Reader) (receipt Receipt, err error) {
	if err := c.Mail(e.From, &smtp.MailOptions{Size: e.Size}); err != nil {
		return receipt, err
	}
	for _, to := range e.To {
		err := c.Rcpt(to, nil)
		if no, ok := errors.AsType[*smtp.SMTPError](err); ok && no.Code >= 500 {
			receipt.Refused = append(receipt.Refused, Refusal{Address: to, Unknown: no.EnhancedCode[0] == 5 && no.EnhancedCode[1] == 1, Answer: words(no)})
			err = nil
		}
		if err != nil { // the others would get it again with the next attempt
			return receipt, err
		}
	}
	if len(receipt.Refused) == len(e.To) {
		return receipt, errNobody
	}
	w, err := c.Data()
	if err != nil {
		return receipt, err
	}
	if _, err := io.Copy(w, message); err != nil { // not closed: half a message is never ended, and the connection goes
		return receipt, err
	}
	answer, err := w.CloseWithResponse()
	if err == nil {
		receipt.Answer = oneLine("250 " + answer.StatusText)
	}
	return receipt, err
}

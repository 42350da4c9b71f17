package main

import (
	"context"
	"net"

	"golang.org/x/net/dns/dnsmessage"
)

// benchNames is a name server on this machine that knows no name, until ctx ends. So a measurement asks no server of others, whose
// silence it would measure.
func benchNames(ctx context.Context) (address string, err error) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil {
				continue
			}
			answer := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionDesired: true, RecursionAvailable: true,
				RCode: dnsmessage.RCodeNameError}, Questions: m.Questions}
			if out, err := answer.Pack(); err == nil {
				_, _ = conn.WriteTo(out, from)
			}
		}
	}()
	return conn.LocalAddr().String(), nil
}

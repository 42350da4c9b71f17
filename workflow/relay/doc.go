// Package relay hands messages to the mail server that sends them on: SMTP submission (RFC 5321, RFC 6409), as a client.
//
// The bytes go out as they are given; nothing is composed here. A [Failure] says whether to try again, because everything that is asked
// for before the message itself (a connection, TLS, a password) says nothing about the message, whatever number the server gives: a
// password that was changed must not make letters fail for good. Of several recipients all must be taken or refused for good before the
// message is handed over, so that a retry never sends it to anybody twice.
//
// TLS is required, except on this machine. The client is emersion/go-smtp's, which the server side of this program uses too.
package relay

package web

import (
	"context"
	"errors"
	"net/http"

	"docket/repository/fault"
)

// statusGone is what a log shows for a visitor who hung up before the answer (nginx's 499; no RFC has one).
const statusGone = 499

// retryAfter is the number of seconds after which a client may try again when a part of the system is away.
const retryAfter = "5"

// Status is the HTTP status of an error: the one table from fault kinds to statuses, for the API and the pages alike.
func Status(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	switch fault.KindOf(err) {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Denied:
		return http.StatusForbidden
	case fault.Conflict:
		return http.StatusConflict
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unsupported:
		return http.StatusUnsupportedMediaType
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	if errors.Is(err, context.Canceled) {
		return statusGone
	}
	return http.StatusInternalServerError
}

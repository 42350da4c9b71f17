package main

import (
	"fmt"
	"strconv"
	"strings"
)

// A size is a number of bytes, written as 500kB, 200MB or 2GB (powers of 1024).
type size int64

var units = []struct {
	suffix string
	factor size
}{{"gb", 1 << 30}, {"mb", 1 << 20}, {"kb", 1 << 10}, {"b", 1}, {"", 1}}

// String writes the size with the largest unit that divides it.
func (s size) String() string {
	for _, u := range units {
		if s >= u.factor && s%u.factor == 0 {
			return strconv.FormatInt(int64(s/u.factor), 10) + strings.ToUpper(u.suffix)
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// Set reads a size.
func (s *size) Set(text string) error {
	lower := strings.ToLower(strings.TrimSpace(text))
	for _, u := range units {
		digits, ok := strings.CutSuffix(lower, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err != nil || n < 0 {
			return fmt.Errorf("%q is no size; write it as 200MB", text)
		}
		*s = size(n) * u.factor
		return nil
	}
	return nil
}

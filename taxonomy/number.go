package taxonomy

import "strings"

// CheckDigit is the check digit of a string of decimal digits by ISO/IEC 7064, MOD 11,10: it finds every single wrong
// digit and nearly every swap of two neighbours. Characters that are no digits are skipped.
func CheckDigit(digits string) byte {
	product := 10
	for _, c := range []byte(digits) {
		if c < '0' || c > '9' {
			continue
		}
		sum := (product + int(c-'0')) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return '0' + byte((11-product)%10)
}

// ValidNumber says whether s is a well-formed ticket number, such as CLM-2026-000123-7: a prefix of two to five capital
// letters, the year, at least six digits, and the check digit over the digits of year and sequence.
func ValidNumber(s string) bool {
	parts := strings.Split(s, "-")
	if len(parts) != 4 {
		return false
	}
	prefix, year, sequence, check := parts[0], parts[1], parts[2], parts[3]
	return len(prefix) >= 2 && len(prefix) <= 5 && only(prefix, 'A', 'Z') &&
		len(year) == 4 && only(year, '0', '9') &&
		len(sequence) >= 6 && len(sequence) <= 9 && only(sequence, '0', '9') &&
		len(check) == 1 && check[0] == CheckDigit(year+sequence)
}

func only(s string, from, to byte) bool {
	for i := range len(s) {
		if s[i] < from || s[i] > to {
			return false
		}
	}
	return true
}

package taxonomy

import (
	"fmt"
	"testing"
)

func TestCheckDigit(t *testing.T) {
	t.Parallel()
	// 0794 with check digit 5 is the example in ISO/IEC 7064.
	for digits, want := range map[string]byte{"0794": '5', "2026-000123": '7'} {
		if got := CheckDigit(digits); got != want {
			t.Errorf("CheckDigit(%q) = %c, want %c", digits, got, want)
		}
	}
}

// TestCheckDigitFindsWrongDigits proves for a run of numbers that no single wrong digit passes, and how few swaps do.
func TestCheckDigitFindsWrongDigits(t *testing.T) {
	t.Parallel()
	swaps, missed := 0, 0
	for n := range 300 {
		digits := []byte(fmt.Sprintf("2026%06d", n*331))
		check := CheckDigit(string(digits))
		for i := range digits {
			right := digits[i]
			for d := byte('0'); d <= '9'; d++ {
				if digits[i] = d; d != right && CheckDigit(string(digits)) == check {
					t.Fatalf("%s with %c instead of %c at %d passes", digits, d, right, i)
				}
			}
			digits[i] = right
			if i > 0 && digits[i] != digits[i-1] {
				digits[i], digits[i-1] = digits[i-1], digits[i]
				swaps++
				if CheckDigit(string(digits)) == check {
					missed++
				}
				digits[i], digits[i-1] = digits[i-1], digits[i]
			}
		}
	}
	if missed*20 > swaps {
		t.Errorf("%d of %d swaps pass, more than one in twenty", missed, swaps)
	}
}

func TestValidNumber(t *testing.T) {
	t.Parallel()
	good := fmt.Sprintf("CLM-2026-000123-%c", CheckDigit("2026000123"))
	if !ValidNumber(good) {
		t.Errorf("%s is refused", good)
	}
	for _, bad := range []string{"", "CLM-2026-000123", "clm-2026-000123-7", "CLM-26-000123-7", "CLM-2026-123-7",
		"CLM-2026-000123-77", "-2026-000123-7", "CLM-2026-00012x-7", "CLM--2026-000123-7"} {
		if ValidNumber(bad) {
			t.Errorf("%q passes", bad)
		}
	}
	wrong := []byte(good)
	wrong[len(wrong)-1] = '0' + (wrong[len(wrong)-1]-'0'+1)%10
	if ValidNumber(string(wrong)) {
		t.Errorf("%s passes with a wrong check digit", wrong)
	}
}

//go:build unix

package evidence_test

import (
	"syscall"
	"time"
)

// userSeconds is the processor time that this process has used so far.
func userSeconds() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano()).Seconds()
}

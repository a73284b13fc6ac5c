package db_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"commonweal/internal/db"
	"commonweal/internal/db/dbtest"
)

// wantMounts skips a test where file systems can't be mounted.
func wantMounts(t *testing.T, programs ...string) {
	t.Helper()
	var wanting []string
	if os.Geteuid() != 0 {
		wanting = append(wanting, "root")
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		wanting = append(wanting, "/dev/loop-control")
	}
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			wanting = append(wanting, p)
		}
	}
	if wanting != nil {
		dbtest.Absent(t, "loop", fmt.Sprintf("%v is missing, so this is NOT TESTED on a file system of its own", wanting))
	}
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v: %s", name, args, err, out)
	}
}

// mount mounts until the end of the test, or until the function that it gives
// is called.
func mount(t *testing.T, args ...string) (dir string, unmount func()) {
	t.Helper()
	dir = t.TempDir()
	run(t, "mount", append(args, dir)...)
	mounted := true
	unmount = func() {
		if mounted {
			mounted = false
			if err := syscall.Unmount(dir, 0); err != nil {
				t.Error(err)
			}
		}
	}
	t.Cleanup(unmount)
	return dir, unmount
}

// TestAPowerCutLosesNothingAcknowledged is F2. The store is on a file system
// on a loop device; its image holds only what reached the "device". The writer
// is stopped, the image copied: what an outage leaves. It drops what was never
// sent, and doesn't tear or reorder sectors.
func TestAPowerCutLosesNothingAcknowledged(t *testing.T) {
	wantMounts(t, "mkfs.ext4", "mount")
	cuts, total := rounds(3, 50), 0
	for round := range cuts {
		lost, acked := powerCut(t, 150+101*(round%7), "")
		if lost != 0 {
			t.Errorf("cut %d: %d of %d acknowledged writes are lost", round, lost, acked)
		}
		total += acked
	}
	t.Logf("%d power cuts, %d acknowledged writes", cuts, total)
}

// TestThePowerCutWouldSeeALoss is its control: without fsync a power cut loses
// what was acknowledged, or the whole file.
func TestThePowerCutWouldSeeALoss(t *testing.T) {
	wantMounts(t, "mkfs.ext4", "mount")
	lost, acked := powerCut(t, 150, "OFF")
	if lost == 0 {
		t.Errorf("a power cut under synchronous=OFF lost none of %d: this test proves nothing", acked)
	}
	t.Logf("%d of %d lost without fsync", lost, acked)
}

// powerCut says how many of the acknowledged writes are lost.
func powerCut(t *testing.T, acks int, synchronous string) (lost, acked int) {
	t.Helper()
	memory, freeMemory := mount(t, "-t", "tmpfs", "-o", "size=220m", "tmpfs")
	defer freeMemory()
	image := filepath.Join(memory, "disk.img")
	run(t, "truncate", "-s", "96M", image)
	run(t, "mkfs.ext4", "-q", image)
	disk, eject := mount(t, "-o", "loop", image)
	defer eject()
	path := filepath.Join(disk, "commonweal.db")
	template, err := os.ReadFile(dbtest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "sync", "-f", path) // the server ran for long before

	left := filepath.Join(memory, "left.img")
	var l ledger
	l.press(t, path, acks, func(victim *os.Process) {
		stop(t, victim)
		copyFile(t, image, left)
		kill(t)(victim)
	}, victimSync+"="+synchronous)
	eject()

	after, ejectCopy := mount(t, "-o", "loop", left)
	defer ejectCopy()
	found := filepath.Join(after, "commonweal.db")
	if synchronous == "OFF" {
		return l.survivors(t, found), l.total()
	}
	lost, doubled := l.compare(t, found)
	if doubled != 0 {
		t.Errorf("%d effects are there twice", doubled)
	}
	return lost, l.total()
}

// survivors is compare for a file that may not even be one any more.
func (l *ledger) survivors(t *testing.T, path string) (lost int) {
	d, err := db.Open(t.Context(), path, db.Options{})
	if err != nil {
		return l.total()
	}
	defer d.Close() //nolint:errcheck // it is only read
	n, err := db.One(t.Context(), d.Read(), db.Value[int], `select count(*) from erasure`)
	if err != nil {
		return l.total()
	}
	return max(0, l.total()-n)
}

// stop freezes the process, and waits until it stands still.
func stop(t *testing.T, p *os.Process) {
	t.Helper()
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	threads := fmt.Sprintf("/proc/%d/task/*/stat", p.Pid)
	for moving := true; moving; runtime.Gosched() {
		files, err := filepath.Glob(threads)
		if err != nil || len(files) == 0 {
			t.Fatal("the victim has no threads", err)
		}
		moving = false
		for _, file := range files {
			stat, err := os.ReadFile(file)
			if err != nil {
				continue // the thread ended
			}
			// "pid (name) state …", and a name may hold brackets.
			_, state, _ := strings.Cut(string(stat[bytes.LastIndexByte(stat, ')'):]), " ")
			moving = moving || !strings.HasPrefix(state, "T")
		}
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	src, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close() //nolint:errcheck // it is only read
	dst, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(dst, src)
	if err := errors.Join(err, dst.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestAFullDiskHealsItself is F3 on a real file system that is full.
func TestAFullDiskHealsItself(t *testing.T) {
	wantMounts(t, "mount")
	disk, _ := mount(t, "-t", "tmpfs", "-o", "size=6m", "tmpfs")
	ballast := filepath.Join(disk, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 2<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(disk, "commonweal.db")
	template, err := os.ReadFile(dbtest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	fullAndBack(t, path, db.Options{}, func(*db.DB) {
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
	})
}

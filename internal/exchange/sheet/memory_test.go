package sheet

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"testing"

	"commonweal/internal/fault"
)

// allocated is how many bytes a function allocates, those given back included.
func allocated(t *testing.T, do func()) uint64 {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// repeated is a file that nobody keeps in memory: head, then unit again and
// again, then tail.
type repeated struct {
	head, unit, tail string
	times            int64
}

func (f repeated) size() int64 {
	return int64(len(f.head)+len(f.tail)) + f.times*int64(len(f.unit))
}

func (f repeated) ReadAt(into []byte, at int64) (n int, err error) {
	middle := f.times * int64(len(f.unit))
	for n < len(into) {
		pos := at + int64(n)
		switch {
		case pos < int64(len(f.head)):
			n += copy(into[n:], f.head[pos:])
		case pos < int64(len(f.head))+middle:
			n += copy(into[n:], f.unit[(pos-int64(len(f.head)))%int64(len(f.unit)):])
		case pos < f.size():
			n += copy(into[n:], f.tail[pos-int64(len(f.head))-middle:])
		default:
			return n, io.EOF
		}
	}
	return n, nil
}

const wide = 1 << 40 // a limit that limits nothing

func TestALineOfAHundredMegabytesIsSkippedInLittleMemory(t *testing.T) {
	file := repeated{head: "Name,Area\nAna,", unit: "0123456789abcdef", times: 100 << 20 / 16, tail: "\nTom,y\n"}
	var book Book
	used := allocated(t, func() {
		var err error
		if book, err = Read(t.Context(), "x.csv", file, file.size(), Limits{Bytes: wide}); err != nil {
			t.Fatal(err)
		}
	})
	if got, want := flat(book.Sheets[0]), "Name|Area\n3:Tom|y"; got != want || said(book) != "row.long@2" {
		t.Errorf("got\n%s\nand said %q", got, said(book))
	}
	if limit := uint64(8 << 20); used > limit {
		t.Errorf("allocated %d bytes for a line of 100 MB, want less than %d", used, limit)
	}
}

func TestALineOfAHundredMegabytesIsRefusedUnread(t *testing.T) {
	file := repeated{head: "Name,Area\nAna,", unit: "0123456789abcdef", times: 100 << 20 / 16}
	if _, err := Read(t.Context(), "x.csv", failing{}, file.size(), Limits{}); err == nil || errors.Is(err, errRead) {
		t.Errorf("got %v, want a refusal without a look inside", err)
	}
}

// failing is a file that can't be read.
type failing struct{}

var errRead = errors.New("this disk is broken")

func (failing) ReadAt([]byte, int64) (int, error) { return 0, errRead }

func TestABrokenDiskIsNotThePersonsFault(t *testing.T) {
	if _, err := Read(t.Context(), "x.csv", failing{}, 10, Limits{}); !errors.Is(err, errRead) {
		t.Errorf("got %v", err)
	}
}

// budgets are the hostile and the large files that must stay within the
// promised 256 MB, each read in a process of its own.
var budgets = map[string]struct {
	file func(t *testing.T) (io.ReaderAt, int64)
	want string // the fault that it ends with, if any
}{
	"fifty megabytes of commas": {func(*testing.T) (io.ReaderAt, int64) {
		f := repeated{head: "a,b\n", unit: ",", times: 49 << 20}
		return f, f.size()
	}, ""},
	"fifty megabytes of short rows": {func(*testing.T) (io.ReaderAt, int64) {
		f := repeated{head: "a,b\n", unit: "1,2\n", times: 12 << 20}
		return f, f.size()
	}, "sheet.file.rows"},
	"fifty megabytes of open quotes": {func(*testing.T) (io.ReaderAt, int64) {
		f := repeated{head: "a,b\n", unit: "x\",\"\n", times: 9 << 20}
		return f, f.size()
	}, "sheet.file.rows"},
	"as many cells as fit": {func(*testing.T) (io.ReaderAt, int64) {
		f := repeated{head: strings.Repeat("head,", 15) + "\n", unit: strings.Repeat("twenty-four letters long,", 15) + "\n", times: 99_000}
		return f, f.size()
	}, ""},
	"a bomb of empty cells": {func(t *testing.T) (io.ReaderAt, int64) {
		return packed(t, "<worksheet><sheetData><row>", "<c/>", 8<<20, "")
	}, "sheet.file.tags"},
	"a bomb of texts": {func(t *testing.T) (io.ReaderAt, int64) {
		return packed(t, "<worksheet><sheetData>", `<row><c t="inlineStr"><is><t>`+strings.Repeat("x", 90_000)+`</t></is></c></row>`, 800, "")
	}, "sheet.file.cells"},
	"a bomb of merged cells": {func(t *testing.T) (io.ReaderAt, int64) {
		return packed(t, "<worksheet><sheetData>"+nameAndArea+strings.Repeat(`<row><c><v>1</v></c></row>`, 100_000)+"</sheetData>", `<mergeCell ref="B1:B100000"/>`, 200_000, "")
	}, ""},
}

// packed is a workbook with a sheet of head, unit again and again, and tail.
func packed(t *testing.T, head, unit string, times int64, tail string) (io.ReaderAt, int64) {
	t.Helper()
	f := repeated{head: head, unit: unit, times: times, tail: tail}
	file := streamed(t, io.NewSectionReader(f, 0, f.size()))
	return bytes.NewReader(file), int64(len(file))
}

const (
	budgetName = "SHEET_TEST_BUDGET"
	budget     = 256 << 20
)

func TestWhateverComesStaysWithinItsMemory(t *testing.T) {
	if name := os.Getenv(budgetName); name != "" {
		file, size := budgets[name].file(t)
		runtime.GC()
		_, err := Read(t.Context(), "x", file, size, Limits{})
		if got := fault.Says(err, "").Key; got != budgets[name].want {
			t.Errorf("ended with %q, want %q", got, budgets[name].want)
		}
		t.Logf("peak=%d", peak())
		return
	}
	for name := range budgets {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestWhateverComesStaysWithinItsMemory$", "-test.v")
			command.Env = append(os.Environ(), budgetName+"="+name)
			out, err := command.CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			_, after, ok := strings.Cut(string(out), "peak=")
			after, _, _ = strings.Cut(after, "\n")
			used, err := strconv.Atoi(after)
			if !ok || err != nil {
				t.Fatalf("no peak in\n%s", out)
			}
			t.Logf("%d MB\n%s", used>>20, out)
			if used > budget {
				t.Errorf("took %d MB, want at most %d", used>>20, budget>>20)
			}
		})
	}
}

// peak is the most memory that the runtime ever had from the system.
func peak() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// watching calls a function each time that something is written to it.
type watching struct{ look func() }

func (w watching) Write(p []byte) (int, error) {
	w.look()
	return len(p), nil
}

// heap is how many bytes of memory are in use now, what can be given back included.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

package schedule

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The days of a rule are those that a walker finds who goes from day to day
// from the start and asks each one, without skipping and without periods.
func TestDaysAreThoseThatAWalkerFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := aRule().Draw(t, "rule")
		from := r.Start + Day(rapid.IntRange(-40, 900).Draw(t, "from"))
		to := from + Day(rapid.IntRange(0, 500).Draw(t, "length"))
		got := slices.Collect(r.days(from, to))
		if want := walked(r, from, to); !slices.Equal(got, want) {
			t.Fatalf("got  %v\nwant %v", got, want)
		}
	})
}

func aRule() *rapid.Generator[Rule] {
	return rapid.Custom(func(t *rapid.T) Rule {
		few := func(name string, least, most int) []int {
			return rapid.SliceOfN(rapid.IntRange(least, most).Filter(func(n int) bool { return n != 0 }), 0, 3).Draw(t, name)
		}
		r := Rule{
			Freq:       rapid.SampledFrom([]Freq{Daily, Weekly, Monthly, Yearly}).Draw(t, "freq"),
			Interval:   rapid.IntRange(0, 4).Draw(t, "interval"),
			Start:      Date(2024, 1, 1) + Day(rapid.IntRange(0, 800).Draw(t, "start")),
			Count:      rapid.SampledFrom([]int{0, 0, 1, 7}).Draw(t, "count"),
			ByMonthDay: few("monthdays", -31, 31),
			WeekStart:  Weekday(rapid.IntRange(0, 7).Draw(t, "wkst")),
		}
		for _, n := range few("weekdays", 1, 7) {
			r.ByDay = append(r.ByDay, On{rapid.SampledFrom([]int{0, 0, 1, 2, -1, 5}).Draw(t, "nth"), Weekday(n)})
		}
		if rapid.IntRange(0, 3).Draw(t, "months") == 0 {
			r.ByMonth = []time.Month{time.Month(rapid.IntRange(1, 12).Draw(t, "month"))}
		}
		if rapid.Bool().Draw(t, "until") {
			r.Until = r.Start + Day(rapid.IntRange(0, 700).Draw(t, "until after"))
		}
		return r
	})
}

func walked(r Rule, from, to Day) []Day {
	var found []Day
	times := 0
	for d := r.Start; d <= to; d++ {
		if r.Until != 0 && d > r.Until || r.Count > 0 && times == r.Count {
			break
		}
		if !comesRound(r, d) || !chosen(r, d) {
			continue
		}
		times++
		if d >= from {
			found = append(found, d)
		}
	}
	return found
}

// comesRound says whether the period of d is one of every so many.
func comesRound(r Rule, d Day) bool {
	every := max(r.Interval, 1)
	a, b := r.Start.Time(), d.Time()
	switch r.Freq {
	case Daily:
		return int(b.Sub(a).Hours()/24)%every == 0
	case Weekly:
		begin := r.WeekStart
		if begin == 0 {
			begin = Monday
		}
		weeks := 0
		for day := r.Start + 1; day <= d; day++ {
			if WeekdayOf(day.Time().Weekday()) == begin {
				weeks++
			}
		}
		return weeks%every == 0
	case Monthly:
		return (b.Year()*12+int(b.Month())-a.Year()*12-int(a.Month()))%every == 0
	default:
		return (b.Year()-a.Year())%every == 0
	}
}

// chosen asks each list about a day, in words of the standard library alone.
func chosen(r Rule, d Day) bool {
	day, start := d.Time(), r.Start.Time()
	if len(r.ByDay) == 0 && len(r.ByMonthDay) == 0 {
		switch r.Freq {
		case Weekly:
			if day.Weekday() != start.Weekday() {
				return false
			}
		case Monthly:
			if day.Day() != start.Day() {
				return false
			}
		case Yearly:
			if day.Day() != start.Day() || len(r.ByMonth) == 0 && day.Month() != start.Month() {
				return false
			}
		default:
		}
	}
	if len(r.ByMonth) > 0 && !slices.Contains(r.ByMonth, day.Month()) {
		return false
	}
	if len(r.ByMonthDay) > 0 && !slices.ContainsFunc(r.ByMonthDay, func(n int) bool {
		if n < 0 {
			return day.AddDate(0, 0, -n).Equal(time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, time.UTC))
		}
		return n == day.Day()
	}) {
		return false
	}
	return len(r.ByDay) == 0 || slices.ContainsFunc(r.ByDay, func(on On) bool { return nthSuch(r, on, day) })
}

func nthSuch(r Rule, on On, day time.Time) bool {
	if WeekdayOf(day.Weekday()) != on.Day {
		return false
	}
	whole := func(t time.Time) int { return t.Year()*12 + int(t.Month()) }
	if r.Freq == Yearly && len(r.ByMonth) == 0 {
		whole = func(t time.Time) int { return t.Year() }
	}
	before, after := 0, 0
	for t := day; whole(t) == whole(day); t = t.AddDate(0, 0, -7) {
		before++
	}
	for t := day; whole(t) == whole(day); t = t.AddDate(0, 0, 7) {
		after++
	}
	return on.Nth == 0 || on.Nth == before || on.Nth == -after
}

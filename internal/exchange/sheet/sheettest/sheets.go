package sheettest

import (
	"fmt"
	"strings"
	"time"
)

// partners writes organizations and whom to ask there: a title over all
// columns, and headings in two rows with merged groups.
func (m *maker) partners() {
	m.begin(PartnersSheet, 0)
	m.line("MILL ROW TOGETHER – partners and contacts")
	m.merge(0, 12, 0)
	m.line("last updated", "3/14/2026", nil, "ask Rosa before you change this")
	m.line()
	m.line("Organization", "Type", "What they do", "Contact", nil, nil, nil, "Neighborhood", "# of members", "Languages", "Wheelchair ramp?", "Website", "Met on")
	m.line(nil, nil, nil, "Name", "Title", "E-mail", "Cell")
	m.row-- // a merged cell's text stands in the upper row: merging comes after writing
	for _, column := range []int{0, 1, 2, 7, 8, 9, 10, 11, 12} {
		m.merge(column, column, 1)
	}
	m.merge(3, 6, 0)
	m.row++
	fresh := Partners - PartnersAgain
	for i := range fresh {
		if i > 0 && i%40 == 0 {
			m.line()
		}
		m.line(m.partner(i)...)
	}
	for i := range PartnersAgain {
		again := m.partner(i * 7)
		if name, ok := again[0].(string); ok {
			again[0] = m.typo(name)
		}
		again[4], again[10] = nil, "?"
		m.line(again...)
	}
	m.line()
	m.line("Total", Partners, nil, nil, nil, nil, nil, nil, 4211)
	m.line()
	m.line("* members = what they told us, nobody counted")
}

// partner is one organization; the same number is always the same one, in its
// name, e-mail and phone.
func (m *maker) partner(i int) []any {
	front, back := partnerFronts[i%len(partnerFronts)], partnerBacks[i/len(partnerFronts)%len(partnerBacks)]
	name := front + " " + back
	site := strings.ToLower(strings.NewReplacer(" ", "", "’", "", ".", "").Replace(name)) + ".example"
	var met any = fmt.Sprintf("%d/%d/2026", 1+i%3, 1+i%28)
	if i%2 == 0 {
		met = fmt.Sprintf("2026-%02d-%02d", 1+i%3, 1+i%28)
	}
	var web any
	if i%3 > 0 {
		web = "www." + site
	}
	return []any{
		name, kinds[i/len(partnerFronts)%len(partnerBacks)], one(m, abouts), m.person(), one(m, jobs), "info@" + site, m.phone(1000 + i),
		one(m, areas), 5 + i*3%200, one(m, langs), one(m, []string{"yes", "no", "?", ""}), web, met,
	}
}

// households writes homes: a first column left empty, headings repeated as on
// each printed page, a formula in each row, and totals.
func (m *maker) households() {
	m.begin(HouseholdsSheet, 1)
	m.line()
	m.line("Households we know (all blocks)")
	m.merge(0, 5, 0)
	header := []any{"HH code", "Street address", "Block", "Connector", "Who lives there", "How many", "Kids under 6", "Adults", "Lang @ home", "Last visit", "Got books?", "Notes"}
	m.line(header...)
	fresh := Households - HouseholdsAgain
	for i := range Households {
		switch {
		case i > 0 && i%100 == 0:
			m.line(header...)
		case i > 0 && i%35 == 0:
			m.line()
		}
		n := i
		if i >= fresh { // entered again after a second visit
			n = (i - fresh) * 31
		}
		m.household(n)
	}
	m.line("TOTAL", nil, nil, nil, nil, 1012, 301)
	m.formula(5, "SUM(G4:G300)")
	m.line()
	m.line("Note: books given out in March are not in here yet.")
}

func (m *maker) household(n int) {
	people, kids := 1+n%7, n%7/2
	visit := fmt.Sprintf("%d/%d/2026", 1+n%4, 1+n*5%28)
	m.line(
		fmt.Sprintf("MR-%03d", n+1), fmt.Sprintf("%d %s", 2+n*2, streets[n%len(streets)]), areas[n%len(areas)], connectors[n%len(connectors)],
		firstNames[n%len(firstNames)]+" "+lastNames[n%len(lastNames)], people, kids, people-kids,
		one(m, []string{"Spanish", "English", "español", "Vietnamese"}), visit, one(m, []string{"yes", "no", "3 books", ""}), m.note(25, homeNotes),
	)
	m.formula(7, fmt.Sprintf("G%d-H%d", m.row, m.row))
}

// conversations writes who said what, in either language: days that are days,
// and days written with the day first.
func (m *maker) conversations() {
	m.begin(ConversationsSheet, 0)
	m.line("Conversaciones 2026 / Conversations 2026")
	m.merge(0, 10, 0)
	m.line("Fecha", "Promotora", "Neighbor", "HH code", "Block", "What do you need?", "What can you share? (skills)", "What would help", "Advice", "Consent", "Weather")
	for i := range Conversations {
		if i > 0 && i%50 == 0 {
			m.line()
		}
		n := i
		if i >= Conversations-ConversationsAgain {
			n = i - 60
		}
		m.talk(n)
	}
	m.line("Total", Conversations)
}

// talk is one conversation: the same number is the same one to the letter.
func (m *maker) talk(n int) {
	pick := func(all []string, by int) string { return all[(n*by+n/7)%len(all)] }
	home := n * 3 % (Households - HouseholdsAgain)
	day := time.Date(2026, 1, 5+n/3, 0, 0, 0, 0, time.UTC)
	var held any = day.Format("2/1/2006")
	isDay := n%2 == 0
	if isDay {
		held = int(day.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	}
	m.line(
		held, connectors[home%len(connectors)], firstNames[home%len(firstNames)]+" "+lastNames[home%len(lastNames)],
		fmt.Sprintf("MR-%03d", home+1), areas[home%len(areas)], pick(needs, 3), pick(gifts, 5), pick(supports, 2), pick(advices, 4),
		pick(consents, 1), pick(weathers, 1),
	)
	if isDay {
		m.asDay(0)
	}
}

package sheettest

import (
	"fmt"
	"strconv"

	"commonweal/internal/exchange/sheet"
)

// Contacts is a table of n people, each with a name, phone and e-mail of their
// own, as a list that a city exports. It needs no memory, however long.
func Contacts(n int) sheet.Table {
	return sheet.Table{
		Name:   "Contacts",
		Header: []string{"Full name", "Phone", "E-mail", "Neighborhood", "Language", "Date met", "Consent", "T-shirt size"},
		Rows: func(yield func([]string, error) bool) {
			for i := range n {
				if !yield(contact(i), nil) {
					return
				}
			}
		},
	}
}

func contact(i int) []string {
	return []string{
		firstNames[i%len(firstNames)] + " " + lastNames[i/len(firstNames)%len(lastNames)] + " " + strconv.Itoa(i),
		fmt.Sprintf("(%03d) 555-%04d", 200+i/10_000%700, i%10_000), fmt.Sprintf("person%d@city.example", i),
		areas[i%4], langs[i%2], fmt.Sprintf("2026-%02d-%02d", 1+i%12, 1+i%28), "yes", []string{"S", "M", "L"}[i%3],
	}
}

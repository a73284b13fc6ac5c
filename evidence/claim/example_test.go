package claim_test

import (
	"fmt"
	"strings"

	"commonweal/evidence"
	"commonweal/evidence/claim"
)

// 74 of 2,700 answered: too few to speak of everyone, so the sentence counts
// those who did and says what the others could change.
func ExampleAssess() {
	tip := 0.5
	e := evidence.Estimate{
		Estimand: evidence.Share, Design: evidence.Survey, Value: 0.5, N: 74, Frame: 2700, Looks: 1,
		Interval: evidence.Interval{Low: 0.389, High: 0.611, Level: 0.95, Method: evidence.Wilson},
		Worst:    &evidence.Bounds{Low: 37.0 / 2700, High: 1 - 37.0/2700}, Tipping: &tip,
	}
	plan := claim.Plan{Outcomes: []string{"changed"}, Design: evidence.Survey, Estimand: evidence.Share, Version: 1}
	c := claim.Assess(plan, e, claim.Situation{
		Answers: evidence.Count{Yes: 37, N: 74}, Suppressed: true, PlanStored: true, OutcomeID: "changed",
		Words: map[string]claim.Words{
			"en": {Frame: "people who signed up", Outcome: "that they changed their work"},
			"es": {Frame: "personas inscritas", Outcome: "que cambiaron su trabajo"},
		},
	})
	fmt.Println("rung", c.Rung)
	for _, lang := range claim.Langs() {
		text, err := c.Text(lang)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(strings.ReplaceAll(text, "\u00a0", " "))
	}
	why, err := c.Why("en")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(why)
	// Output:
	// rung 1
	// 37 of the 74 people who answered (of 2,700 people who signed up, 2.7% response) report that they changed their work. Of all people who signed up, it could be anywhere from 1.4% to 98.6%: we don't know what the others would have said.
	// 37 de las 74 personas que respondieron (de 2.700 personas inscritas; respondió el 2,7 %) dicen que cambiaron su trabajo. Del total de personas inscritas, podría ser cualquier cifra entre el 1,4 % y el 98,6 %: no sabemos qué habrían dicho las demás personas.
	// [So few answered that the others could make it almost anything.]
}

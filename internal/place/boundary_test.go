package place

import (
	"errors"
	"strings"
	"testing"
)

const square = `[[[0,0],[2,0],[2,2],[0,2],[0,0]]]`

func TestAnOutlineIsReadFromAnyGeoJSONThatHoldsOne(t *testing.T) {
	const one = `{"type":"Polygon","coordinates":` + square + `}`
	for name, text := range map[string]string{
		"a geometry":   `{"type":"Polygon","coordinates":` + square + `}`,
		"a feature":    `{"type":"Feature","properties":{"owner":"Ana Gómez"},"geometry":` + one + `}`,
		"a collection": `{"type":"FeatureCollection","features":[{"type":"Feature","geometry":` + one + `}]}`,
		"with heights": `{"type":"Polygon","coordinates":[[[0,0,9],[2,0,9],[2,2,9],[0,2,9],[0,0,9]]]}`,
		"to the metre": `{"type":"Polygon","coordinates":[[[1e-9,0],[2,0],[2,2],[0,2],[1e-9,0]]]}`,
		"several":      `{"type":"MultiPolygon","coordinates":[` + square + `]}`,
	} {
		if got, err := parseBoundary([]byte(text)); err != nil || got != one {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestTwoOutlinesStayTwo(t *testing.T) {
	got, err := parseBoundary([]byte(`{"type":"MultiPolygon","coordinates":[` + square + `,` + square + `]}`))
	if want := `{"type":"MultiPolygon","coordinates":[` + square + `,` + square + `]}`; err != nil || got != want {
		t.Errorf("%s, %v", got, err)
	}
}

func TestWhatIsNoOutlineIsRefused(t *testing.T) {
	many := strings.Repeat("[0,0],", maxPoints) + "[0,0]"
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":           {"", errNoBoundary},
		"no JSON":           {"{", errNoBoundary},
		"a point":           {`{"type":"Point","coordinates":[0,0]}`, errNoBoundary},
		"an empty feature":  {`{"type":"Feature"}`, errNoBoundary},
		"no features":       {`{"type":"FeatureCollection","features":[]}`, errNoBoundary},
		"an open ring":      {`{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,2],[0,2]]]}`, errNoBoundary},
		"three corners":     {`{"type":"Polygon","coordinates":[[[0,0],[2,0],[0,0]]]}`, errNoBoundary},
		"off the globe":     {`{"type":"Polygon","coordinates":[[[0,0],[181,0],[2,2],[0,0]]]}`, errNoBoundary},
		"half a position":   {`{"type":"Polygon","coordinates":[[[0],[2],[2],[0]]]}`, errNoBoundary},
		"no rings":          {`{"type":"Polygon","coordinates":[]}`, errNoBoundary},
		"words for numbers": {`{"type":"Polygon","coordinates":[[["a","b"]]]}`, errNoBoundary},
		"two texts":         {`{"type":"Polygon","coordinates":` + square + `} {}`, errNoBoundary},
		"deep":              {strings.Repeat("[", 100_000), errBoundaryDeep},
		"deep and closed":   {strings.Repeat("[", 13) + strings.Repeat("]", 13), errBoundaryDeep},
		"large":             {strings.Repeat(" ", maxBoundary+1), errBoundaryLarge},
		"many points":       {`{"type":"Polygon","coordinates":[[` + many + `]]}`, errBoundaryLarge},
	} {
		if got, err := parseBoundary([]byte(c.text)); !errors.Is(err, c.want) || got != "" {
			t.Errorf("%s: %.40s, %v", name, got, err)
		}
	}
}

func FuzzBoundary(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":` + square + `}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"MultiPolygon","coordinates":[` + square + `]}}]}`))
	f.Add([]byte(`[[[[[[[[[[[[[[`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := parseBoundary(text)
		if err != nil {
			return
		}
		again, err := parseBoundary([]byte(got))
		if err != nil || again != got {
			t.Errorf("what was written reads as %s, %v; it was %s", again, err, got)
		}
	})
}

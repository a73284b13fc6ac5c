package hsds

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"commonweal/internal/fault"
)

// folder is a package of files as it is read.
type folder struct {
	*builder
	files fs.FS
	left  int64             // bytes that may still be read
	names map[string]string // table by file, as datapackage.json tells
}

// content reads a file whole, so long as all of them together aren't too much.
func (d *folder) content(name string) (data []byte, err error) {
	in, err := d.files.Open(name)
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "hsds.file.damaged")
	}
	defer func() {
		if closed := in.Close(); err == nil && closed != nil {
			err = closed
		}
	}()
	if data, err = io.ReadAll(io.LimitReader(in, d.left+1)); err != nil {
		return nil, fault.Because(err, fault.Invalid, "hsds.file.damaged")
	}
	if d.left -= int64(len(data)); d.left < 0 {
		return nil, refuse("hsds.file.large")
	}
	return []byte(strings.TrimPrefix(string(data), "\ufeff")), nil
}

// declared reads which file is which table, if there is a datapackage.json.
func (d *folder) declared(found []string) error {
	i := slices.IndexFunc(found, func(name string) bool { return path.Base(name) == "datapackage.json" })
	if i < 0 {
		return nil
	}
	data, err := d.content(found[i])
	if err != nil {
		return err
	}
	var told struct {
		Resources []struct {
			Name string          `json:"name"`
			Path json.RawMessage `json:"path"` // a text or a list of them
		} `json:"resources"`
	}
	if depth(data) > d.limits.Depth {
		return refuse("hsds.file.deep", "max", d.limits.Depth)
	}
	if err := json.Unmarshal(data, &told); err != nil {
		return malformed(err)
	}
	for _, r := range told.Resources {
		var one string
		var some []string
		if json.Unmarshal(r.Path, &one) != nil && json.Unmarshal(r.Path, &some) == nil && len(some) == 1 {
			one = some[0]
		}
		if name := path.Join(path.Dir(found[i]), one); one != "" && fs.ValidPath(name) {
			d.names[name] = r.Name
		}
	}
	return nil
}

func (d *folder) read(ctx context.Context, found []string) (Package, error) {
	read := 0
	d.pack.Version = d.version(found)
	for _, name := range found {
		if err := ctx.Err(); err != nil {
			return Package{}, err
		}
		var err error
		switch strings.ToLower(path.Ext(name)) {
		case ".csv":
			err = d.table(name)
		case ".json", ".ndjson":
			if path.Base(name) == "datapackage.json" {
				continue
			}
			err = d.documents(name)
		default:
			continue
		}
		if err != nil {
			return Package{}, err
		}
		read++
	}
	if read == 0 {
		return Package{}, refuse("hsds.file.empty")
	}
	if d.pack.Version == Ohana {
		d.settleOhana()
	}
	return d.finish(), nil
}

// version tells the old forms by the files that only they have.
func (d *folder) version(found []string) Version {
	v := V3
	for _, name := range found {
		switch stem := strings.TrimSuffix(strings.ToLower(path.Base(name)), ".csv"); stem {
		case "mail_addresses":
			return Ohana
		case "physical_addresses", "postal_addresses", "services_taxonomy", "services_at_location", "regular_schedules", "eligibility":
			v = V11
		case "urls", "url", "units", "unit", "service_capacities", "service_capacity":
			v = V31
		}
	}
	return v
}

// documents reads a file of JSON among those of a folder.
func (d *folder) documents(name string) error {
	data, err := d.content(name)
	if err != nil {
		return err
	}
	return flattenAll(d.builder, name, strings.NewReader(string(data)))
}

// table reads one file of CSV.
func (d *folder) table(name string) error {
	data, err := d.content(name)
	if err != nil {
		return err
	}
	stem := strings.TrimSuffix(strings.ToLower(path.Base(name)), ".csv")
	given := tableOf(stem)
	if told := d.names[name]; given == "" || tableOf(told) != "" {
		given = tableOf(told)
	}
	if given == "" {
		given = strange(stem)
		d.warn(source{given, 1}, "", "hsds.table.unknown")
	}
	if given == "taxonomy" && d.pack.Version != V3 && d.pack.Version != V31 {
		given = "taxonomy_term" // that's what older versions called terms
	}
	if !utf8.Valid(data) {
		d.warn(source{given, 1}, "", "hsds.file.letters")
		if data, err = charmap.Windows1252.NewDecoder().Bytes(data); err != nil {
			return malformed(err)
		}
	}
	return d.rowsOf(given, string(data))
}

// strange is a table's name that no standard knows, as letters that can't harm.
func strange(stem string) string {
	name := strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' {
			return c
		}
		return '_'
	}, stem)
	return name[:min(len(name), 40)]
}

func (d *folder) rowsOf(name, data string) error {
	in := csv.NewReader(strings.NewReader(data))
	in.FieldsPerRecord, in.LazyQuotes, in.ReuseRecord = -1, true, true
	in.Comma = separator(data)
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return malformed(err)
	}
	columns := make([]string, len(header))
	for i, c := range header {
		columns[i] = strings.ToLower(strings.TrimSpace(c))
	}
	for line := 2; ; line++ {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return malformed(err)
		}
		if err := d.record(source{name, line}, columns, record); err != nil {
			return err
		}
	}
}

// separator is what parts the columns of the first line.
func separator(data string) rune {
	first, _, _ := strings.Cut(data, "\n")
	best, most := ',', strings.Count(first, ",")
	for _, c := range ";\t" {
		if n := strings.Count(first, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

func (d *folder) record(at source, columns, record []string) error {
	fields := map[string]any{}
	for i, cell := range record {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		name := "column_" + strconv.Itoa(i+1)
		if i < len(columns) && columns[i] != "" {
			name = columns[i]
		}
		fields[name] = strings.Clone(bare(cell))
	}
	if len(fields) == 0 {
		return nil
	}
	if d.pack.Version == Ohana {
		return d.ohana(at, fields)
	}
	at, fields = modern(at, fields)
	if d.pack.Version == V11 {
		if err := d.terms(at, fields); err != nil {
			return err
		}
	}
	if at.table == "location" && d.pack.Version == V11 && fields["location_type"] == nil {
		fields["location_type"] = "physical"
	}
	_, err := d.add(at, fields, "", "")
	return err
}

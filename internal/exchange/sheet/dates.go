package sheet

// SetOrder reads the written days of a column again, in the order that a
// person gave. Days that can't be read so stay as they were written.
func (s *Sheet) SetOrder(column int, order Order) {
	if column >= 0 && column < len(s.Columns) {
		s.Columns[column].Order, s.Columns[column].Unsure = order, false
	}
}

package place

// Impersonal are this room's tables that hold nobody, and why.
func Impersonal() map[string]string {
	return map[string]string{
		"area":      "places and how many homes they have; of an outline only the shape is kept",
		"happening": "announcements to everybody; who wrote them stands in the audit",
	}
}

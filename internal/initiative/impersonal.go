package initiative

// Impersonal are this room's tables that hold nobody, and why.
func Impersonal() map[string]string {
	return map[string]string{
		"initiative":      "what an initiative says about itself in public",
		"initiative_slug": "its addresses",
		"network":         "what a network says about itself in public",
		"network_member":  "which initiatives are in which network",
	}
}

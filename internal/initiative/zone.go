package initiative

// Zones are the time zones that set-up pages offer, by their IANA names: those
// of the places where people have asked for commonweal's languages, and one for
// each hour of the rest of the world.
func Zones() []string { return zoneNames }

var zoneNames = []string{
	"Africa/Accra", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Africa/Malabo", "Africa/Nairobi",
	"America/Anchorage", "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Bogota", "America/Cancun",
	"America/Caracas", "America/Chicago", "America/Chihuahua", "America/Costa_Rica", "America/Denver", "America/Detroit",
	"America/Edmonton", "America/El_Salvador", "America/Guatemala", "America/Guayaquil", "America/Halifax", "America/Havana",
	"America/Hermosillo", "America/Indiana/Indianapolis", "America/La_Paz", "America/Lima", "America/Los_Angeles",
	"America/Managua", "America/Mexico_City", "America/Montevideo", "America/New_York", "America/Panama", "America/Phoenix",
	"America/Puerto_Rico", "America/Regina", "America/Santiago", "America/Santo_Domingo", "America/Sao_Paulo",
	"America/St_Johns", "America/Tegucigalpa", "America/Tijuana", "America/Toronto", "America/Vancouver", "America/Winnipeg",
	"Asia/Dhaka", "Asia/Dubai", "Asia/Jerusalem", "Asia/Karachi", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila",
	"Asia/Singapore", "Asia/Tokyo", "Atlantic/Azores", "Atlantic/Canary", "Australia/Adelaide", "Australia/Brisbane",
	"Australia/Darwin", "Australia/Hobart", "Australia/Perth", "Australia/Sydney",
	"Europe/Amsterdam", "Europe/Athens", "Europe/Berlin", "Europe/Brussels", "Europe/Copenhagen", "Europe/Dublin",
	"Europe/Helsinki", "Europe/Istanbul", "Europe/Kyiv", "Europe/Lisbon", "Europe/London", "Europe/Madrid", "Europe/Oslo",
	"Europe/Paris", "Europe/Prague", "Europe/Rome", "Europe/Stockholm", "Europe/Vienna", "Europe/Warsaw", "Europe/Zurich",
	"Pacific/Auckland", "Pacific/Fiji", "Pacific/Guam", "Pacific/Honolulu", "UTC",
}

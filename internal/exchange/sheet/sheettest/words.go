package sheettest

var firstNames = []string{
	"Ana", "Tomás", "Mei", "Rosa", "Joe", "Fatima", "José", "Lucía", "Grace", "Omar", "Elena", "Dwayne", "Sofía", "Amina",
	"Carlos", "Hannah", "Miguel", "Thuy", "Beatriz", "Samuel", "Íñigo", "Zoë", "Marisol", "Kofi", "Pilar", "Ruth",
}

var lastNames = []string{
	"Ruiz", "Boyd", "Tan", "O’Neill", "Peña", "Núñez", "Jackson", "García López", "Okafor", "Silva", "Haddad", "Muñoz",
	"Nguyen", "Castillo", "Brown", "Ávila", "de la Cruz", "Washington", "Kim", "Ortega", "Müller", "Ibarra",
}

var areas = []string{"Mill Row", "East End", "El Este", "Riverside", "Old Market", "mill row", "Mill Row "}

var streets = []string{"Mill Row", "Oak St", "Oak Street", "Calle Ocho", "River Rd", "Market Sq", "Elm Ave."}

var connectors = []string{"Rosa", "Big Joe", "Doña Carmen", "Thuy N.", "rosa"}

// partnerNames are made of two halves.
var (
	partnerFronts = []string{"Eastside", "Mill Row", "Grace", "Riverside", "Old Market", "Nueva Vida", "St. Brigid", "Northgate", "La Esperanza", "Harbor", "Sunrise", "Puente"}
	partnerBacks  = []string{"Library", "Parents’ Group", "Chapel", "Clinic", "Barbershop", "Elementary School", "Soccer Club", "Tenants Association", "Garden Club", "Community College"}
)

// kinds are what a coordinator writes for each of partnerBacks.
var kinds = []string{"institution", "association", "Association", "INSTITUTION", "association", "institution", "assoc.", "association", "asociación", "Institution"}

var abouts = []string{
	"Lends books, rooms and laptops", "Meets on Tuesdays; childcare in the back", "Food on Fridays, rides on Sundays",
	"Consultas los jueves, sin cita", "Cuts hair, knows everyone", "Presta el salón y las sillas", "=Saturdays 9-12",
	"\"Open door\" for anybody who needs to talk", "Ligas de fútbol; 14 voluntarios",
}

var jobs = []string{"Director", "librarian", "Pastor", "coordinadora", "Owner", "President", "Nurse", "Principal", "vocal", ""}

var langs = []string{"English", "English, Spanish", "español", "Spanish/English", "English; Vietnamese"}

var homeNotes = []string{
	"dog in the yard", "call first", "works nights – come after 3", "habla solo español", "grandmother lives upstairs",
	"wants to help with the book drive", "no tocar el timbre", "moved in last spring",
}

var needs = []string{
	"help with the rent", "a ride to the clinic", "ayuda con la renta", "somebody to fix the heater", "clases de inglés",
	"child care on Saturdays", "que la lleven a la clínica", "food at the end of the month", "a safe place for the kids to play", "",
}

var gifts = []string{
	"sewing", "carpentry, telling jokes", "cocinar tamales para muchos", "reading to children", "braiding hair", "coser",
	"fixes bikes; knows cars", "tocar la guitarra", "drives a van", "speaks 3 languages", "jardinería", "listening",
}

var supports = []string{"a machine", "herramientas", "a room on Saturdays", "somebody to mind the baby", "que alguien me acompañe", "", ""}

var advices = []string{"ask the grandmothers", "more light on the path", "pregunten en la iglesia", "knock in the evening", "", "", ""}

var consents = []string{"yes", "Y", "sí", "yes", "x", "yes"}

var weathers = []string{"rain", "sun", "cold!!", ""}

package kitchen

import (
	"github.com/a-h/templ"

	"commonweal/internal/i18n"
)

type component = templ.Component

// words are what the kitchen's pages say. They stand here and not in the
// catalogue, since no neighbour ever reads them.
type words struct {
	Title, Lead, Since, Tell, More         string
	Claim, Count, Asked, Rising            string
	Week, Minutes, Ask, AskLine, Start     string
	Sat, Drive, DriveLine, Help            string
	Gifts, GiftsLine                       string
	GiftNames                              []string
	Quote, Who                             string
	Four, FourLine                         string
	Parts                                  [4]string
	Tags                                   [4]string
	Lines                                  [4]string
	Barriers                               string
	Barrier                                [3][3]string
	Consent, ConsentHint, Named, Anon, Not string
	Need, NeedHint, How, Can, CanHint      string
	Lived, Know, Care, Area, Phone, Save   string
	NamesLine, Code, Nothing, Act          string
	Sure, SureLine, Pick, PickLine         string
	Own                                    string
}

var spoken = map[i18n.Lang]words{
	i18n.English: {
		Title: "Every young child in Riverside has books at home, and someone to read them with.",
		Lead:  "We are neighbors, local groups and services working on this one thing together. Everyone has something to give.",
		Since: "Riverside neighborhood · begun by 11 neighbors in 2024", Tell: "Tell us what you can share", More: "See what people share",
		Claim: "Children with ten or more books at home", Count: "of every 100 children", Asked: "May 2026, 164 homes asked",
		Rising: "Up from 41 in 2022. We want 75 by 2028.",
		Week:   "What you can do this week", Minutes: "minutes", Ask: "Answer three questions", AskLine: "What do you need? What can you share? How can we help you share it?", Start: "Start",
		Sat: "28 Nov", Drive: "Book drive at Elm Street School", DriveLine: "Led by six parents. Still needed: two drivers, and one person who speaks Somali.", Help: "I can help on Saturday",
		Gifts: "What people here can share", GiftsLine: "From about 310 conversations, counted on 21 Nov.",
		GiftNames: []string{"Reading aloud", "Spanish and English", "Storytelling", "Driving", "Good with toddlers", "Cooking for a crowd", "Mending bicycles"},
		Quote:     "“I never thought anyone would ask me what I’m good at.”", Who: "Amina, storyteller. Shared with her permission.",
		Four: "How we’re doing, in four parts", FourLine: "Good joint work needs all four.",
		Parts: [4]string{"A clear purpose", "Neighbors doing it together", "Relationships and trust", "Results and promises"},
		Tags:  [4]string{"Agreed, still growing", "More people than last spring", "Too early to say", "Better, but behind our plan"},
		Lines: [4]string{
			"41 of 52 people could say our purpose in their own words.", "31 people lead or do something with others. It was 19 last spring.",
			"27 of 38 people said partners keep their promises.", "Our plan for this year was 61 of 100 children. It is 58.",
		},
		Barriers: "What stood in the way",
		Barrier: [3][3]string{
			{"Library fines kept families away", "City Library", "Removed in March"},
			{"The school hall costs $80 an evening", "Elm Street School", "Free until June"},
			{"Helpers wait 9 weeks for a check", "County office", "Late. Asked again 12 Nov"},
		},
		Consent: "Is it OK if I write down what we say?", ConsentHint: "You can change your mind any day, and we will erase it.", Named: "Yes, with my name", Anon: "Yes, without my name", Not: "No. Just talk",
		Need: "What do you need?", NeedHint: "For example: what would make it easier to read with the children at home", How: "What can you share?",
		Can: "Something I can do", CanHint: "Cooking, fixing, drawing, driving", Lived: "Something I’ve lived through", Know: "Something I know", Care: "Something I care about",
		Area: "Where do you live?", Phone: "How can we reach you?", Save: "Save this conversation",
		NamesLine: "Only the people who hold conversations here see names.", Code: "Your return code", Nothing: "Nobody has answered yet. It often takes a week.", Act: "Ask a neighbor",
		Sure: "How sure are we?", SureLine: "Fairly sure it went up. Not sure why.", Pick: "The same few people always come", PickLine: "Often the meeting is the barrier, not the people.",
		Own: "A mí me gusta leer en voz alta.",
	},
	i18n.Spanish: {
		Title: "Que cada niño pequeño de Riverside tenga libros en casa y alguien con quien leerlos.",
		Lead:  "Somos vecinos, grupos y servicios del barrio que trabajamos juntos en esto. Todas las personas tienen algo que dar.",
		Since: "Barrio Riverside · lo empezaron 11 vecinos en 2024", Tell: "Cuéntenos lo que puede aportar", More: "Vea lo que aporta la gente",
		Claim: "Niños con diez libros o más en casa", Count: "de cada 100 niños", Asked: "Mayo de 2026, 164 casas preguntadas",
		Rising: "En 2022 eran 41. Queremos llegar a 75 en 2028.",
		Week:   "Lo que puede hacer esta semana", Minutes: "minutos", Ask: "Conteste tres preguntas", AskLine: "¿Qué necesita? ¿Qué puede aportar? ¿Cómo le ayudamos a aportarlo?", Start: "Empezar",
		Sat: "28 nov", Drive: "Recogida de libros en la escuela Elm Street", DriveLine: "La organizan seis padres y madres. Faltan dos conductores y una persona que hable somalí.", Help: "Puedo ayudar el sábado",
		Gifts: "Lo que la gente de aquí puede aportar", GiftsLine: "De unas 310 conversaciones, contadas el 21 de noviembre.",
		GiftNames: []string{"Leer en voz alta", "Español e inglés", "Contar cuentos", "Conducir", "Cuidar a los más pequeños", "Cocinar para muchos", "Arreglar bicicletas"},
		Quote:     "«Nunca pensé que alguien me preguntaría qué se me da bien.»", Who: "Amina, cuentacuentos. Con su permiso.",
		Four: "Cómo vamos, en cuatro partes", FourLine: "El buen trabajo en común necesita las cuatro.",
		Parts: [4]string{"Un propósito claro", "Los vecinos lo hacen juntos", "Relaciones y confianza", "Resultados y promesas"},
		Tags:  [4]string{"Acordado, y sigue creciendo", "Más personas que en primavera", "Es pronto para saberlo", "Mejor, pero por detrás del plan"},
		Lines: [4]string{
			"41 de 52 personas supieron decir nuestro propósito con sus palabras.", "31 personas dirigen o hacen algo con otras. En primavera eran 19.",
			"27 de 38 personas dijeron que los socios cumplen sus promesas.", "El plan para este año era 61 de cada 100 niños. Vamos por 58.",
		},
		Barriers: "Lo que se interponía",
		Barrier: [3][3]string{
			{"Las multas de la biblioteca alejaban a las familias", "Biblioteca municipal", "Eliminadas en marzo"},
			{"El salón de la escuela cuesta 80 dólares por tarde", "Escuela Elm Street", "Gratis hasta junio"},
			{"Hay que esperar 9 semanas por un permiso", "Oficina del condado", "Con retraso. Insistimos el 12 de nov."},
		},
		Consent: "¿Le parece bien que anote lo que hablemos?", ConsentHint: "Puede cambiar de idea cualquier día, y lo borramos.", Named: "Sí, con mi nombre", Anon: "Sí, sin mi nombre", Not: "No. Solo hablar",
		Need: "¿Qué necesita?", NeedHint: "Por ejemplo: qué le haría más fácil leer con los niños en casa", How: "¿Qué puede aportar?",
		Can: "Algo que sé hacer", CanHint: "Cocinar, reparar, dibujar, conducir", Lived: "Algo que he vivido", Know: "Algo que sé", Care: "Algo que me importa",
		Area: "¿Dónde vive?", Phone: "¿Cómo podemos comunicarnos con usted?", Save: "Guardar esta conversación",
		NamesLine: "Solo ven los nombres las personas que hacen las conversaciones.", Code: "Su código para volver", Nothing: "Todavía no ha contestado nadie. Suele tardar una semana.", Act: "Preguntar a un vecino",
		Sure: "¿Qué tan seguros estamos?", SureLine: "Es bastante seguro que subió. No sabemos por qué.", Pick: "Siempre vienen los mismos", PickLine: "Muchas veces el obstáculo es la reunión, no la gente.",
		Own: "I like reading aloud.",
	},
}

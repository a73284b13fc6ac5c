package sheet

import "strings"

// headingWords are words that headings use, in English and Spanish.
// They tell a second row of headings from the first record.
var headingWords = wordSet(`
		name names first last full family surname nombre nombres apellido apellidos
		email mail e correo electrónico phone tel telephone cell mobile whatsapp teléfono celular móvil
		address street city zip postcode dirección domicilio calle ciudad código postal
		area neighborhood neighbourhood block barrio colonia cuadra zona
		organization organisation org type kind category organización tipo categoria
		website web url site página sitio
		date day year time fecha día año hora
		notes note comments remarks notas observaciones comentarios
		language languages lang idioma idiomas lengua
		contact person role job title contacto persona cargo puesto
		number id code count people kids children adults número personas niños adultos
		status description about estado descripción`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[fold(word)] = true
	}
	return set
}

// isHeadingWord says whether one of the words of a text is one that headings use.
func isHeadingWord(text string) bool {
	if len(text) > 60 {
		return false
	}
	for word := range strings.FieldsSeq(fold(text)) {
		if headingWords[word] {
			return true
		}
	}
	return false
}

// fillers are words of headings that tell nothing.
var fillers = wordSet(`
	the a an of for to in on at is are do does did you your we our us they their them it i my and or if any please enter
	el la los las un una de del al en es son que su sus se le les lo y o u si por para favor tu mi nos con usted
	w s d`)

// concepts are words for the same thing, without their endings: those of one
// line have one number.
var concepts = numbered(`
	phone telephone tel ph teléfono mobile cell cel cellphone celular móvil whatsapp wa fono
	email mail correo
	web website site url page página sitio homepage link 
	name nombre nom
	surname apellido lastname
	address addr dirección domicilio street calle
	area neighborhood neighbourhood neighbor_hood hood barrio colonia zona zone vecindario district distrito sector
	block cuadra manzana
	organization organisation org organización agency association group asociación entidad grupo company institution institución affiliation agencia
	type kind category tipo clase categoria
	language lang idioma lengua speak habla tongue
	date day fecha día when cuando
	note comment remark nota observación comentario misc other
	description descripción about acerca mission misión purpose summary resumen
	contact contacto
	person persona people
	member integrante miembro socio headcount
	kid child children nino nina menor hijo hija
	household home hogar vivienda casa house
	role job title position cargo puesto occupation ocupación profession profesión trabajo
	need necesita necesidad need
	gift share aportar aporta don talento skill
	help ayudar ayuda support apoyo
	advice consejo recomendación suggestion sugerencia idea
	consent permission permiso consentimiento autoriza autorización acepta agreed allowed
	visit visita visited
	neighbor neighbour vecino vecina resident residente
	connector enlace promotor promotora interviewer entrevistador entrevistadora outreach
	number num no nro count cantidad cuanto
	first primer given
	last ultimo family`)

func numbered(lines string) map[string]int {
	numbers := map[string]int{}
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		for word := range strings.FieldsSeq(line) {
			if w := stem(fold(word)); numbers[w] == 0 {
				numbers[w] = i + 1
			}
		}
	}
	return numbers
}

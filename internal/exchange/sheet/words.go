package sheet

import "strings"

// headingWords are words that headings use, in English and Spanish, folded.
// They tell a second row of headings from the first record.
var headingWords = wordSet(`
		name names first last full family surname nombre nombres apellido apellidos
		email mail e correo electronico phone tel telephone cell mobile whatsapp telefono celular movil
		address street city zip postcode direccion domicilio calle ciudad codigo postal
		area neighborhood neighbourhood block barrio colonia cuadra zona
		organization organisation org type kind category organizacion tipo categoria
		website web url site pagina sitio
		date day year time fecha dia ano hora
		notes note comments remarks notas observaciones comentarios
		language languages lang idioma idiomas lengua
		contact person role job title contacto persona cargo puesto
		number id code count people kids children adults numero personas ninos adultos
		status description about estado descripcion`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
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

package claim

// Keys of the sentences.
const (
	keyNothing         = "r0"
	keyCount           = "r1"
	keyShare           = "r2"
	keyShareFew        = "r2.few"
	keyFirm            = "r2.firm"
	keyEveryone        = "r2.everyone"
	keyBounds          = "bounds"
	keyTip             = "tip"
	keyNoTip           = "tip.never"
	keyPair            = "r3.pair"
	keyPairLess        = "r3.pair.less"
	keyPairNull        = "r3.null"
	keySeries          = "r3.series"
	keyGroups          = "r3.groups"
	keySeriesNull      = "r3.series.null"
	keyTrend           = "r4"
	keyTrendLess       = "r4.less"
	keyTrendNull       = "r4.null"
	keyFits            = "r5"
	keyFitsLess        = "r5.less"
	keyFitsNull        = "r5.null"
	keySynthetic       = "r5.synthetic"
	keySyntheticLess   = "r5.synthetic.less"
	keyDropOutExplains = "r5.drop"
	keyDropOutUnknown  = "r5.drop.unknown"
	keyCaused          = "r6"
	keyCausedLess      = "r6.less"
	keyCausedNull      = "r6.null"
	keyExploratory     = "expl"
	keyFew             = "few"
	keyDropOut         = "drop"
	keyPreTest         = "pretest"
	keySensitivity     = "sensitivity"
)

// Catalogues are the sentences by language. Both have the same keys.
func Catalogues() map[string]map[string]string {
	return map[string]map[string]string{"en": english(), "es": spanish()}
}

func english() map[string]string {
	return map[string]string{
		keyNothing:         "We can't show this yet: {reason}.",
		keyCount:           "{x} of the {n} people who answered (of {N} {frame}, {rr} response) report {outcome}.",
		keyShare:           "About {p} ({lo}–{hi}) of {frame} report {outcome}, *if* those who didn't answer resemble those who did. Without that assumption it could be anywhere from {L} to {U}.",
		keyShareFew:        "About {p} ({lo}–{hi}) of {frame} report {outcome} ({x} of the {n} who answered), *if* those who didn't answer resemble those who did. Without that assumption it could be anywhere from {L} to {U}.",
		keyFirm:            "Between {L} and {U} of {frame} report {outcome}, whatever the others would have said.",
		keyEveryone:        "All {n} {frame} answered: {x} of them ({p}) report {outcome}.",
		keyBounds:          "Of all {frame}, it could be anywhere from {L} to {U}: we don't know what the others would have said.",
		keyTip:             "The claim “{claim}” fails if fewer than {t} of those who didn't answer would say so.",
		keyNoTip:           "The claim “{claim}” fails even if everyone who didn't answer would say so.",
		keyPair:            "People who answered both times reported {change} ({lo} to {hi}) more {outcome} afterwards. People often move towards the middle, and times change: this doesn't show that {programme} did it.",
		keyPairLess:        "People who answered both times reported {change} ({lo} to {hi}) less {outcome} afterwards. People often move towards the middle, and times change: this doesn't show that {programme} did it.",
		keyPairNull:        "No clear change: the data fit anything from {lo} to {hi}.",
		keySeries:          "{outcome} was {dir} during and after {event}. This is an association, not a cause.",
		keyGroups:          "{outcome} was {dir} among those with {programme}. This is an association, not a cause.",
		keySeriesNull:      "No clear change: the data fit anything from {lo} to {hi}.",
		keyTrend:           "After {event} {outcome} rose above its earlier trend by {est} ({lo} to {hi}), consistent with an effect if nothing else changed then.",
		keyTrendLess:       "After {event} {outcome} fell below its earlier trend by {est} ({lo} to {hi}), consistent with an effect if nothing else changed then.",
		keyTrendNull:       "No clear change: after {event} the data fit anything from {lo} to {hi}.",
		keyFits:            "{outcome} rose by {est} ({lo} to {hi}): consistent with an effect, assuming both groups would otherwise have moved alike.",
		keyFitsLess:        "{outcome} fell by {est} ({lo} to {hi}): consistent with an effect, assuming both groups would otherwise have moved alike.",
		keyFitsNull:        "No clear change: the data fit anything from {lo} to {hi}, assuming both groups would otherwise have moved alike.",
		keySynthetic:       "{outcome} rose by {est} more than in a mixture of similar places: consistent with an effect, assuming both would otherwise have moved alike. The difference ranks {rank} of {units} when every place is treated as if it were the one.",
		keySyntheticLess:   "{outcome} fell by {est} more than in a mixture of similar places: consistent with an effect, assuming both would otherwise have moved alike. The difference ranks {rank} of {units} when every place is treated as if it were the one.",
		keyDropOutExplains: "People were assigned by chance, but drop-out could explain the difference ({lee_lo} to {lee_hi}).",
		keyDropOutUnknown:  "People were assigned by chance, but drop-out could explain the difference.",
		keyCaused:          "Offering {programme} caused an average rise of {est} ({lo} to {hi}) in {outcome} for the {group} in this trial.",
		keyCausedLess:      "Offering {programme} caused an average fall of {est} ({lo} to {hi}) in {outcome} for the {group} in this trial.",
		keyCausedNull:      "No clear effect: the data fit anything from {lo} to {hi}.",
		keyExploratory:     "Exploratory: decided after seeing the data.",
		keyFew:             "This rests on {n} people.",
		keyDropOut:         "Counting those who left, it could be anywhere from {lo} to {hi}.",
		keyPreTest:         "Both groups moved alike before. That is weak evidence that they would have gone on so.",
		keySensitivity:     "An unmeasured cause would need a strength of {s} to explain this away.",

		"word.higher": "higher", "word.lower": "lower", "word.rose": "higher", "word.fell": "lower",
		"unit.points": "percentage points", "unit.point": "percentage point",

		"default.frame": "people who were asked", "default.outcome": "the outcome", "default.answer": "yes", "default.event": "the event",
		"default.programme": "the programme", "default.group": "people", "default.claim": "more than half",

		"reason.answers":    "too few people have answered",
		"reason.shown":      "the number is so small that it could point to a person",
		"reason.subgroup":   "this group of people wasn't chosen before the data came in",
		"reason.frame":      "we don't know how many people could have answered",
		"reason.suppressed": "the small numbers haven't been checked",
		"reason.looks":      "we looked more than once while answers came in",
		"reason.interval":   "we can't say how sure this is",
		"reason.nothing":    "the checks that it needs didn't pass",

		"blocked.answers":                 "Too few people answered.",
		"blocked.shown":                   "The number is small enough to point to a person.",
		"blocked.subgroup":                "This group of people wasn't chosen before the data came in.",
		"blocked.frame":                   "We don't know how many people could have answered.",
		"blocked.count":                   "There is no count of who said yes.",
		"blocked.suppressed":              "Small numbers weren't checked.",
		"blocked.interval":                "We can't say how sure the number is.",
		"blocked.looks":                   "We looked more than once, and the range doesn't allow for that.",
		"blocked.bounds":                  "We didn't work out what the others could have said.",
		"blocked.tipping":                 "We didn't work out what would change the answer.",
		"blocked.informative":             "So few answered that the others could make it almost anything.",
		"blocked.linked":                  "We can't tell that the same people answered both times.",
		"blocked.paired_test":             "Each person wasn't compared with themselves.",
		"blocked.drop_out_bounds":         "We didn't work out what those who left could change.",
		"blocked.multiple_outcomes":       "Many things were measured. This one could stand out by luck.",
		"blocked.planned":                 "This wasn't planned before the data came in.",
		"blocked.points_each_side":        "There are fewer than 8 points before or after.",
		"blocked.autocorrelation_handled": "Each point resembles the one before, and that wasn't allowed for.",
		"blocked.standard_errors_agree":   "Three ways to say how sure we are don't agree.",
		"blocked.overdispersion":          "Counts vary more than the method allows for.",
		"blocked.placebo_dates":           "Dates when nothing happened show a jump too, or couldn't be tried.",
		"blocked.control_series":          "A series that the event didn't touch jumped too.",
		"blocked.pre_periods":             "There are fewer than 2 times to look at before the start.",
		"blocked.pre_test":                "The groups didn't move alike before the start.",
		"blocked.two_way_effects":         "The method mixes up groups that started at different times.",
		"blocked.few_clusters":            "There are fewer than 6 groups.",
		"blocked.sensitivity":             "We didn't work out how strong a hidden cause would need to be.",
		"blocked.pre_fit":                 "The mixture of other places didn't fit well before the start.",
		"blocked.placebo_units":           "Other places, where nothing happened, show as much.",
		"blocked.assignment_verified":     "We couldn't check that chance decided.",
		"blocked.seed_stored":             "The draw wasn't stored before the start.",
		"blocked.intention_to_treat":      "People weren't counted in the group that chance put them in.",
		"blocked.lee_excludes_zero":       "Those who left could explain the difference.",
		"blocked.permutation_agrees":      "Drawing the order again often gives as much.",
	}
}

func spanish() map[string]string {
	return map[string]string{
		keyNothing:         "Todavía no podemos mostrar esto: {reason}.",
		keyCount:           "{x} de las {n} personas que respondieron (de {N} {frame}; respondió el {rr}) dicen {outcome}.",
		keyShare:           "Alrededor del {p} ({lo}–{hi}) del total de {frame} dice {outcome}, *si* quienes no respondieron se parecen a quienes sí lo hicieron. Sin suponer eso, podría ser cualquier cifra entre el {L} y el {U}.",
		keyShareFew:        "Alrededor del {p} ({lo}–{hi}) del total de {frame} dice {outcome} ({x} de las {n} personas que respondieron), *si* quienes no respondieron se parecen a quienes sí lo hicieron. Sin suponer eso, podría ser cualquier cifra entre el {L} y el {U}.",
		keyFirm:            "Entre el {L} y el {U} del total de {frame} dice {outcome}, sin importar lo que hubieran dicho las demás personas.",
		keyEveryone:        "Respondió el total ({n} {frame}): {x} ({p}) dicen {outcome}.",
		keyBounds:          "Del total de {frame}, podría ser cualquier cifra entre el {L} y el {U}: no sabemos qué habrían dicho las demás personas.",
		keyTip:             "La afirmación «{claim}» deja de valer si menos del {t} de quienes no respondieron diría lo mismo.",
		keyNoTip:           "La afirmación «{claim}» no se sostiene ni aunque lo dijeran todas las personas que no respondieron.",
		keyPair:            "{outcome}: {change} más (de {lo} a {hi}) después, entre quienes respondieron las dos veces. Los valores muy altos o muy bajos suelen acercarse al término medio, y los tiempos cambian: esto no muestra que se deba a {programme}.",
		keyPairLess:        "{outcome}: {change} menos (de {lo} a {hi}) después, entre quienes respondieron las dos veces. Los valores muy altos o muy bajos suelen acercarse al término medio, y los tiempos cambian: esto no muestra que se deba a {programme}.",
		keyPairNull:        "No hay un cambio claro: los datos admiten cualquier valor de {lo} a {hi}.",
		keySeries:          "{outcome}: {dir} durante y después de {event}. Las dos cosas van juntas, pero eso no muestra que una sea la causa de la otra.",
		keyGroups:          "{outcome}: {dir} entre quienes tuvieron acceso a {programme}. Las dos cosas van juntas, pero eso no muestra que una sea la causa de la otra.",
		keySeriesNull:      "No hay un cambio claro: los datos admiten cualquier valor de {lo} a {hi}.",
		keyTrend:           "{outcome}: después de {event} quedó {est} (de {lo} a {hi}) por encima de su tendencia anterior. Eso concuerda con un efecto, si nada más cambió entonces.",
		keyTrendLess:       "{outcome}: después de {event} quedó {est} (de {lo} a {hi}) por debajo de su tendencia anterior. Eso concuerda con un efecto, si nada más cambió entonces.",
		keyTrendNull:       "No hay un cambio claro: después de {event}, los datos admiten cualquier valor de {lo} a {hi}.",
		keyFits:            "{outcome}: subió {est} (de {lo} a {hi}). Eso concuerda con un efecto, suponiendo que, de no ser por él, los dos grupos habrían cambiado por igual.",
		keyFitsLess:        "{outcome}: bajó {est} (de {lo} a {hi}). Eso concuerda con un efecto, suponiendo que, de no ser por él, los dos grupos habrían cambiado por igual.",
		keyFitsNull:        "No hay un cambio claro: los datos admiten cualquier valor de {lo} a {hi}, suponiendo que, sin más, los dos grupos habrían cambiado por igual.",
		keySynthetic:       "{outcome}: subió {est} más que en una mezcla de lugares parecidos. Eso concuerda con un efecto, suponiendo que, de no ser por él, ambos habrían cambiado por igual. Al hacer la misma prueba con cada lugar, esta diferencia queda en el puesto {rank} de {units}.",
		keySyntheticLess:   "{outcome}: bajó {est} más que en una mezcla de lugares parecidos. Eso concuerda con un efecto, suponiendo que, de no ser por él, ambos habrían cambiado por igual. Al hacer la misma prueba con cada lugar, esta diferencia queda en el puesto {rank} de {units}.",
		keyDropOutExplains: "El azar decidió quién participaba, pero la diferencia podría deberse a quienes se fueron (de {lee_lo} a {lee_hi}).",
		keyDropOutUnknown:  "El azar decidió quién participaba, pero la diferencia podría deberse a quienes se fueron.",
		keyCaused:          "Ofrecer {programme} causó un aumento medio de {est} (de {lo} a {hi}) en {outcome}, para {group} en este ensayo.",
		keyCausedLess:      "Ofrecer {programme} causó una disminución media de {est} (de {lo} a {hi}) en {outcome}, para {group} en este ensayo.",
		keyCausedNull:      "No hay un efecto claro: los datos admiten cualquier valor de {lo} a {hi}.",
		keyExploratory:     "Exploratorio: se decidió después de ver los datos.",
		keyFew:             "Esto se basa en {n} personas.",
		keyDropOut:         "Si se cuenta a quienes se fueron, podría ser cualquier valor de {lo} a {hi}.",
		keyPreTest:         "Antes, los dos grupos cambiaban por igual. Eso es solo un indicio débil de que habrían seguido así.",
		keySensitivity:     "Para que una causa que no se midió lo explicara todo, tendría que tener una fuerza de {s}.",

		"word.higher": "fue mayor", "word.lower": "fue menor", "word.rose": "aumentó", "word.fell": "disminuyó",
		"unit.points": "puntos porcentuales", "unit.point": "punto porcentual",

		"default.frame": "personas consultadas", "default.outcome": "el resultado", "default.answer": "que sí", "default.event": "lo ocurrido",
		"default.programme": "el programa", "default.group": "quienes participaron", "default.claim": "más de la mitad",

		"reason.answers":    "todavía han respondido muy pocas personas",
		"reason.shown":      "el número es tan pequeño que podría señalar a alguien",
		"reason.subgroup":   "este grupo de personas no se eligió antes de que llegaran los datos",
		"reason.frame":      "no sabemos cuántas personas podían responder",
		"reason.suppressed": "aún no se revisaron los números pequeños",
		"reason.looks":      "miramos más de una vez mientras llegaban las respuestas",
		"reason.interval":   "no podemos decir qué tan seguro es",
		"reason.nothing":    "no pasó las comprobaciones que necesita",

		"blocked.answers":                 "Respondieron muy pocas personas.",
		"blocked.shown":                   "El número es tan pequeño que podría señalar a alguien.",
		"blocked.subgroup":                "Este grupo de personas no se eligió antes de que llegaran los datos.",
		"blocked.frame":                   "No sabemos cuántas personas podían responder.",
		"blocked.count":                   "Falta la cuenta de quienes dijeron que sí.",
		"blocked.suppressed":              "No se revisaron los números pequeños.",
		"blocked.interval":                "No podemos decir qué tan seguro es el número.",
		"blocked.looks":                   "Miramos más de una vez, y el margen no lo tiene en cuenta.",
		"blocked.bounds":                  "No se calculó qué podrían haber dicho las demás personas.",
		"blocked.tipping":                 "No se calculó qué haría cambiar la respuesta.",
		"blocked.informative":             "Respondieron tan pocas personas que, según las demás, podría ser casi cualquier cifra.",
		"blocked.linked":                  "No podemos saber si respondieron las mismas personas las dos veces.",
		"blocked.paired_test":             "No se comparó a cada persona consigo misma.",
		"blocked.drop_out_bounds":         "No se calculó qué podrían cambiar quienes se fueron.",
		"blocked.multiple_outcomes":       "Se midieron muchas cosas. Esta podría destacar por casualidad.",
		"blocked.planned":                 "No estaba previsto antes de que llegaran los datos.",
		"blocked.points_each_side":        "Hay menos de 8 puntos antes o después.",
		"blocked.autocorrelation_handled": "Cada punto se parece al anterior, y no se tuvo en cuenta.",
		"blocked.standard_errors_agree":   "Tres maneras de calcular el margen no coinciden.",
		"blocked.overdispersion":          "Los conteos varían más de lo que admite el método.",
		"blocked.placebo_dates":           "Hay saltos también en fechas en que no pasó nada, o no se pudo comprobar.",
		"blocked.control_series":          "También hubo un salto en una serie que no tenía nada que ver.",
		"blocked.pre_periods":             "Hay menos de 2 momentos para mirar antes del comienzo.",
		"blocked.pre_test":                "Los grupos no cambiaban por igual antes del comienzo.",
		"blocked.two_way_effects":         "El método mezcla grupos que empezaron en momentos distintos.",
		"blocked.few_clusters":            "Hay menos de 6 grupos.",
		"blocked.sensitivity":             "No se calculó qué tan fuerte tendría que ser una causa oculta.",
		"blocked.pre_fit":                 "La mezcla de otros lugares no encajaba bien antes del comienzo.",
		"blocked.placebo_units":           "Otros lugares, donde no pasó nada, muestran un cambio igual de grande.",
		"blocked.assignment_verified":     "No pudimos comprobar que decidiera el azar.",
		"blocked.seed_stored":             "El sorteo no se guardó antes del comienzo.",
		"blocked.intention_to_treat":      "No se contó a cada persona en el grupo que le tocó por azar.",
		"blocked.lee_excludes_zero":       "La diferencia podría deberse a quienes se fueron.",
		"blocked.permutation_agrees":      "Al repetir el sorteo, a menudo sale una diferencia igual de grande.",
	}
}

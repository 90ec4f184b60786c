"""Grammar that Spanish texts asked for: turns after a denial, corrections, days to come."""

import pytest

from tests.flow.reader import read


@pytest.mark.parametrize(
    "text",
    [
        "Desmayarme no. Pero noto algo muy extraño y tengo que decirte otra cosa",
        "no, pero hay una cosa que no me gusta nada de nada",
    ],
)
def test_a_denial_with_a_but_that_is_not_understood_is_asked_again(text):
    assert read(text, "collapse", "es").answer is None


@pytest.mark.parametrize("text", ["no, pero estoy cansada", "no", "no me he desmayado"])
def test_a_denial_alone_or_with_something_harmless_is_one(text):
    assert read(text, "collapse", "es").answer == "no"


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("el jueves hago 40", 39),
        ("9, mañana cumplo las 10", 9),
        ("8, no perdona, 7, las 8 son el viernes", 7),
        ("41 no, perdón, me equivoqué, son 14", 14),
        ("no 13 no, 12", 12),
        ("no, 13", 13),
        ("24 y 1 día, tengo 31 años y es mi segundo embarazo", 24),
        ("5 según la app, la doctora todavía no me ha visto", 5),
        ("me faltan dos días para las 12", 11),
        ("creía que 10 pero en la eco me corrigieron, son 12", 12),
        ("voy para 18 la semana que entra, ahora 17", 17),
        ("semana 15 cumplida", 15),
        ("Me encuentro en la semana treinta y una de gestación", 31),
        ("estoy de tres meses", 13),
        ("me faltan dos semanas justas para salir de cuentas", 38),
    ],
)
def test_weeks_told_in_a_story(text, weeks):
    assert read(text, "weeks", "es").answer == weeks


def test_a_normal_temperature_outweighs_a_hot_day():
    assert read("No. Hace calor, pero me la tomé y salió 36.8", "fever", "es").answer == "no"


def test_a_danger_for_certain_tells_the_red_flag():
    told = read("lleno una compresa cada media hora, 11 semanas", None, "es").told
    assert told["heavy"] == "yes"
    assert told["weeks"] == 11


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("amount", "ayer poquita, hoy ya no hay nada", "none"),
        ("pain", "antes me dolía mucho, ahora un poco", "mild"),
        ("before", "nada, estaba viendo la novela", "none"),
        ("before", "ni sexo ni golpes ni revisión", "none"),
        ("pain", "leve no es, es bien fuerte", "severe"),
        ("pain", "al principio era suave, ya no, ahora me hace gritar", "severe"),
        ("bump", "ya no me veo los pies jaja", "yes"),
    ],
)
def test_what_is_so_now_counts_and_what_is_denied_is_none(question, text, value):
    assert read(text, question, "es").answer == value


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("heavy", "coágulos pequeños no, tremendos"),
        ("heavy", "así así no, otra cosa"),
        ("pain", "molestia no, esto es otro mundo"),
        ("pain", "antes poco, ahora es que no sé"),
    ],
)
def test_one_word_denied_for_another_is_no_no(question, text):
    assert read(text, question, "es").answer not in ("no", "none", "mild")

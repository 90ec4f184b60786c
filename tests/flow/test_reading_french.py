"""What French asks of the grammar: numbers of several words, short writing, whose story it is."""

import pytest

from tests.flow.reader import read


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("dix sept semaines", 17),
        ("dix huit", 18),
        ("vingt et une semaines", 21),
        ("9 ou 8 semaines", 9),
        ("troisième mois", 13),
        ("3eme mois", 13),
        ("trente et une", 31),
        ("13 semaines mardi prochain", 12),
        ("13 semaines vendredi", 12),
        ("13 semaines depuis vendredi", 13),
    ],
)
def test_weeks_are_read_from_numbers_of_several_words(text, weeks):
    assert read(text, "weeks", "fr").answer == weeks


@pytest.mark.parametrize("text", ["c'est une fille", "un bébé", "j'ai deux enfants déjà"])
def test_what_is_counted_besides_weeks_is_no_number_of_weeks(text):
    assert read(text, "weeks", "fr").answer is None


def test_an_hour_of_the_day_is_no_number_of_weeks():
    assert read("mon rdv est à 15h", "weeks", "fr").answer is None


def test_a_denial_of_two_words_leaves_what_its_second_word_says():
    assert read("je n'ai pas de fièvre", "fever", "fr").answer == "no"
    assert read("je n'ai plus de sang", "amount", "fr").answer == "none"
    assert not read("je n'ai pas perdu les eaux", None, "fr").dangers


def test_a_denial_after_a_comma_belongs_to_what_follows_it():
    assert not read("bébé bouge, pas de douleur", None, "fr").dangers
    assert "reduced_movements" in read("bébé bouge pas", None, "fr").dangers
    assert "heavy_bleeding" in read("bleeding, not stopping").dangers


def test_an_idiom_of_another_language_takes_nothing_from_her_own_words():
    """In Hindi "but tension" is much stress; "but" is a word of French."""
    assert "headache_vision" in read("but tension à 17", None, "fr").dangers


def test_months_count_when_she_says_that_she_is_at_them():
    assert read("bonjour je suis à 3 mois et j'ai une question", None, "fr").told["weeks"] == 13
    assert "weeks" not in read("il a 3 mois", None, "fr").told


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("jperd de leau depuis ce matin", "fluid_leak"),
        ("jsaigne bcp", "heavy_bleeding"),
        ("jme sens partir", "dizzy_faint"),
        ("jla sens plus bouger", "reduced_movements"),
        ("mal a lepaule", "shoulder_tip"),
        ("j'ai tourné de l'œil", "collapse"),
    ],
)
def test_small_words_written_together_with_the_next_are_heard(text, danger):
    assert danger in read(text, None, "fr").dangers


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("mon mari me frappe", "assault"),
        ("mon père m'a poussée contre le mur", "assault"),
        ("ma soeur enceinte a convulsé", "seizure"),
        ("ma voisine est en train d'accoucher", "labour_imminent"),
        ("ma soeur là le sang coule trop", "heavy_bleeding"),
    ],
)
def test_what_another_does_to_her_or_has_as_the_patient_is_heard(text, danger):
    assert danger in read(text, None, "fr").dangers


@pytest.mark.parametrize(
    "text",
    [
        "mon mari s'est évanoui",
        "mon fils est tombé de son vélo",
        "mon chien fait des crises d'épilepsie",
        "ma soeur s'est évanouie",
        "les contractions c'est à partir de quand",
        "en 2019 j'ai fait une hémorragie",
        "mon téléphone est tombé dans l'eau",
        "je suis tombée sur votre numéro",
        "fièvre, caillots, vertiges, rien de tout ça",
    ],
)
def test_what_is_of_others_of_things_or_of_long_ago_is_no_danger(text):
    found = read(text, None, "fr")
    assert not found.dangers
    assert not found.possible


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("boukou de kayo", "heavy_bleeding"),
        ("kontraxion depuis yer", "contractions"),
        ("jé fé une crise depilepsi", "seizure"),
        ("j'ai mal o vantre a crever", "severe_pain"),
    ],
)
def test_french_written_by_ear_is_heard(text, danger):
    found = read(text, None, "fr")
    assert danger in found.dangers | found.possible


@pytest.mark.parametrize("text", ["san douleur", "la chanson du salon", "une pantoufle"])
def test_real_words_that_sound_like_a_danger_stay_what_they_are(text):
    found = read(text, None, "fr")
    assert not found.dangers | found.possible


@pytest.mark.parametrize("text", ["38,6", "38°4 ce matin", "oui 38.2"])
def test_a_temperature_alone_says_fever_and_not_very_ill(text):
    assert read(text, "fever", "fr").answer == "yes"


@pytest.mark.parametrize(
    "text", ["39,8 de fièvre", "38,5 et je grelotte", "39 je suis au plus mal"]
)
def test_a_very_high_temperature_or_a_chill_says_very_ill(text):
    assert read(text, "fever", "fr").answer == "very_ill"


def test_a_question_that_names_nobody_of_hers_is_asked_about():
    found = read("les contractions, c'est normal ?", None, "fr")
    assert not found.dangers
    assert "contractions" in read("j'ai des contractions, c'est normal ?", None, "fr").dangers


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("j'ai eu 11 semaines vendredi", 11),
        ("17 sem. d'après mon carnet", 17),
        ("12, euh non pardon 14", 14),
    ],
)
def test_weeks_she_has_had_and_weeks_she_corrects(text, weeks):
    assert read(text, "weeks", "fr").answer == weeks


def test_half_a_mark_out_of_ten_is_no_mark_of_five():
    assert read("8,5 sur 10", "pain", "fr").answer == "severe"
    assert read("7,5/10", "pain", "es").answer == "severe"


@pytest.mark.parametrize(
    "text",
    [
        "non pas les jambes mais des gros morceaux",
        "non, pas de caillots, par contre ça traverse tout",
        "non, mais là ça commence à changer vraiment",
    ],
)
def test_a_no_that_turns_is_never_read_as_no(text):
    assert read(text, "heavy", "fr").answer != "no"


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("pain", "rien ne calme la douleur"),
        ("heavy", "aucune serviette ne tient"),
        ("heavy", "rien ne l'arrête"),
        ("harm", "jamais au visage, mais oui"),
        ("bump", "rien de discret, il est énorme"),
    ],
)
def test_rien_jamais_aucun_say_no_only_where_nothing_follows(question, text):
    assert read(text, question, "fr").answer not in ("no", "none")
    assert read("rien", "pain", "fr").answer == "none"
    assert read("non, jamais", "harm", "fr").answer == "no"


def test_a_yes_beside_a_normal_temperature_is_asked_again():
    assert read("oui mais 36,9", "fever", "fr").answer is None
    assert read("nan j'ai pris ma température 37 pile", "fever", "fr").answer == "no"

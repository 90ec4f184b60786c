"""How single texts are understood: what a denial reaches, who is meant, what an answer says."""

from datetime import date
from pathlib import Path

import pytest

from hotline.errors import FlowErrors
from hotline.flow.lexicon_load import load_lexicons
from hotline.flow.reading import understand
from hotline.flow.tokens import normalise, tokenise
from tests.flow.reader import read, scorer


def dangers(text, language="en"):
    return read(text, None, language).dangers


@pytest.mark.parametrize(
    "text",
    [
        "no pain but soaking pads",
        "no pain soaking pads",
        "no pain, soaking pads",
        "not spotting, pouring",
        "cant stop bleeding",
        "never bled like this",
        "i dont have pain but im bleeding heavily",
        "no idea why im bleeding so heavily",
        "my sister is with me i am bleeding heavily",
        "last year i was fine now im bleeding heavily",
        "if i stand up the blood is pouring out of me",
        "not just spots its pouring out",
        "no. soaking pads",
    ],
)
def test_a_denial_of_one_thing_does_not_silence_another(text):
    assert "heavy_bleeding" in dangers(text)


@pytest.mark.parametrize(
    "text",
    [
        "no pain, clots or heavy bleeding",
        "im not bleeding heavily",
        "bleeding? no",
        "heavy bleeding: none",
        "there is no blood running down my legs",
        "what if i start bleeding heavily and faint",
        "in the film she bleeds to death",
        "i had heavy bleeding in my last pregnancy",
        "my friend had heavy bleeding",
    ],
)
def test_what_is_denied_supposed_past_or_anothers_is_no_danger(text):
    assert dangers(text) == frozenset()


def test_a_denial_denied_is_heard_again():
    assert "dizzy_faint" in read("its not that im not dizzy").possible


def test_another_person_who_is_bleeding_now_is_the_patient():
    found = read("my sister is bleeding heavily")
    assert "heavy_bleeding" in found.dangers
    assert "for_someone" in found.mentions


def test_joking_leaves_a_doubt_to_be_asked_about():
    found = read("bleeding heavily lol just kidding")
    assert found.dangers == frozenset()
    assert "heavy_bleeding" in found.possible


def test_a_mild_form_is_possible_and_not_certain():
    found = read("a bit dizzy")
    assert found.possible == {"dizzy_faint"}
    assert found.dangers == frozenset()


@pytest.mark.parametrize(
    ("text", "heavy"),
    [
        ("3 pads in 2 hours", True),
        ("2 pads in 3 hours", False),
        ("a pad every 20 minutes", True),
        ("pad every 4 hours", False),
        ("two pads an hour", True),
    ],
)
def test_pads_are_counted_against_time(text, heavy):
    assert ("heavy_bleeding" in dangers(text)) is heavy


@pytest.mark.parametrize("language", ["en", "es", "fr", "hi"])
def test_dangers_are_heard_in_every_language_whatever_is_spoken(language):
    for text in ("bleeding heavily", "sangro muchísimo", "je saigne beaucoup", "बहुत खून आ रहा है"):
        assert "heavy_bleeding" in dangers(text, language)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("12", 12),
        ("\uff11\uff12", 12),
        ("१२", 12),
        ("12+3", 12),
        ("12 or 13 weeks", 13),  # the more cautious of two guesses
        ("tomorrow i am 13 weeks", 12),
        ("nearly 12 weeks", 11),
        ("3 months", 13),
        ("second trimester", 20),
        ("last period was 1 sept", 11),
        ("lmp 1/9", 11),  # 9 January would be 45 weeks
        ("lmp 2026-09-04", 11),
        ("due 5 june", 12),
        ("due in 10 weeks", 30),
        ("0", "unknown"),
        ("99", "no_test"),
        ("60", None),
    ],
)
def test_weeks_are_read_from_numbers_words_and_dates(text, weeks):
    assert read(text, "weeks").answer == weeks


@pytest.mark.parametrize(
    "text", ["last period 3/11120261112026", "due 31/2/2027", "last period 0/0/0", "11/13/14/2026"]
)
def test_a_date_that_no_calendar_has_is_asked_again(text):
    assert read(text, "weeks").answer is None


@pytest.mark.parametrize(
    ("text", "language"),
    [("25 september", "en"), ("le 25 septembre", "fr"), ("15 de agosto", "es"), ("sept 25", "hi")],
)
def test_the_day_of_a_date_is_never_read_as_weeks(text, language):
    assert read(text, "weeks", language).answer is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("mes règles le 25 septembre", "fr"),
        ("mi regla fue el 25 de septiembre", "es"),
        ("my period was 25 sept", "en"),
        ("period 25 september ko aaya tha", "hi"),
    ],
)
def test_a_period_with_its_date_tells_the_weeks(text, language):
    assert read(text, "weeks", language).answer == 8


def test_a_date_that_can_be_read_two_ways_is_asked_again():
    assert read("lmp 4/9/2026", "weeks").answer is None  # 4 September or 9 April
    assert read("fecha de regla 4/9, última regla", "weeks", "es").answer == 11


def test_bleeding_for_weeks_is_not_being_so_many_weeks_along():
    assert "weeks" not in read("bleeding for 2 weeks").told
    assert read("12 weeks and bleeding for 2 weeks").told["weeks"] == 12


@pytest.mark.parametrize("text", ["2", "2.", "two", "option 2", "number 2", "2️⃣", "the second one"])
def test_an_option_is_picked_by_its_number(text):
    assert read(text, "amount").answer == "spots"


def test_several_options_are_picked_at_once():
    assert read("1 and 4", "risks").answer == {"ectopic", "blood_thinner"}
    assert read("1,5", "risks").answer == {"ectopic", "rh_negative"}
    assert read("none, 1", "risks").answer is None


def test_yes_and_no_together_are_asked_again():
    assert read("yes no", "heavy").answer is None
    assert read("yes but not soaking", "heavy").answer is None


def test_no_to_something_else_is_no_answer():
    assert read("no pain", "heavy").answer is None


def test_the_worse_of_two_things_said_counts():
    assert read("spots then like a period", "amount").answer == "period"


def test_numbers_in_months_and_ages_are_not_weeks():
    found = read("im 15 years old and pregnant")
    assert found.told["age_band"] == "under_16"
    assert "weeks" not in found.told


def test_the_language_of_a_text_is_guessed_by_its_small_words():
    assert read("estoy embarazada y tengo miedo").language == "es"
    assert read("je suis enceinte et j'ai peur").language == "fr"
    assert read("मैं गर्भवती हूँ").language == "hi"
    assert read("12").language is None


def test_a_command_is_a_whole_text_or_a_clear_phrase():
    assert read("stop").command == "stop"
    assert read("my bleeding wont stop").command is None
    assert read("my back hurts").command is None
    assert read("can i speak to someone").command == "nurse"


def test_real_words_are_never_mended_into_others():
    for text in ("now", "pair", "stops", "feint"):
        assert scorer().lexicons.symbols(tokenise(text), "en") == [(text,)]


def test_misspelled_words_are_mended():
    for text in ("bleding hevily", "hevy bleeding", "bleeding heavilly", "haemorrhageing"):
        found = read(text)
        assert "heavy_bleeding" in found.dangers | found.possible, text


def test_invisible_and_odd_signs_do_not_matter():
    wide = "\uff28\uff45\uff41\uff56\uff59"
    assert normalise(f"{wide}\u200b BLEED\u0000ING \u2018x\u2019") == "heavy bleeding 'x'"
    assert "heavy_bleeding" in dangers("hea\u200bvy  BLEEDING")


def test_a_pattern_that_cannot_be_read_names_its_line(tmp_path: Path):
    folder = tmp_path / "en"
    folder.mkdir()
    (folder / "words.yaml").write_text("language: en\nnever:\n  - <nothing> here\n", "utf-8")
    with pytest.raises(FlowErrors, match=r"words\.yaml:3"):
        load_lexicons(tmp_path)


def test_without_a_question_there_is_no_answer():
    found = understand(
        scorer().lexicons,
        "yes",
        question=None,
        labels={},
        language="en",
        today=date(2026, 11, 22),
    )
    assert found.answer is None


@pytest.mark.parametrize("question", ["heavy", "collapse", "fever", "pain", "show"])
@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            (
                "god knows|your guess is as good as mine|couldnt tell you|not a clue|who knows"
                "|no not sure|havent the foggiest|im none the wiser|na god know|cant be sure"
            ),
        ),
        ("es", "ni idea|quién sabe|vete a saber|yo qué sé|no te sé decir|ni la más mínima idea"),
        ("fr", "j'en sais rien|va savoir|dieu seul sait|aucune certitude|je saurais pas dire"),
        ("hi", "kya pata|bhagwan jaane|koi andaza nahi|कुछ पता नहीं|nahi maloom|समझ में नहीं आ रहा"),
    ],
)
def test_not_sure_is_never_no(language, texts, question):
    for text in texts.split("|"):
        assert read(text, question, language).answer in ("not_sure", None), text


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("is it bad that im soaking pads", "heavy_bleeding"),
        ("should i worry im fainting", "dizzy_faint"),
        ("is it normal my baby hasnt moved today", "reduced_movements"),
        ("es normal que esté empapando toallas", "heavy_bleeding"),
        ("c'est normal que je trempe une serviette par heure", "heavy_bleeding"),
        ("kya normal hai mera bahut khoon beh raha hai", "heavy_bleeding"),
    ],
)
def test_what_she_tells_of_herself_within_a_question_is_certain(text, danger):
    assert danger in read(text).dangers


@pytest.mark.parametrize(
    "text",
    [
        "should i worry about fainting",
        "is it ok to have sex when you have contractions",
        "can i use a tampon",
        "will it hurt the baby",
        "si me desmayo qué hago",
        "the nurse said heavy bleeding is an emergency",
        "how heavy is too heavy",
        "my ex was abusive but thats years ago",
        "puedo usar un tampón",
        "dois-je m'inquiéter des vertiges",
        "क्या चक्कर आना सामान्य है",
    ],
)
def test_a_general_question_is_no_certain_danger(text):
    assert not read(text).dangers


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("i was seen at epu yesterday scan was fine still spotting", None),
        ("epu", "early_unit"),
        ("where is the early pregnancy unit", "early_unit"),
        ("i had a uti last month and now spotting", None),
        ("could it be a uti", "uti"),
        ("tengo cistitis desde ayer y sangro un poco", None),
        ("qué es placenta previa", "low_placenta"),
    ],
)
def test_a_topic_opens_only_when_she_asks(text, topic):
    assert read(text).topic == topic


@pytest.mark.parametrize(
    ("text", "hers"),
    [
        ("i lost the baby", True),
        ("i had a miscarriage last week", True),
        ("perdí al bebé", True),
        ("j'ai fait une fausse couche", True),
        ("mera garbhpat ho gaya", True),
        ("can sex cause a miscarriage", False),
        ("im scared of miscarriage", False),
        ("past miscarriage in 2019", False),
        ("my sister had a miscarriage", False),
        ("am i having a miscarriage", False),
    ],
)
def test_a_loss_is_mentioned_only_when_it_is_her_own(text, hers):
    assert ("loss" in read(text).mentions) is hers


@pytest.mark.parametrize("sign", ["፩", "𑁔", "᧚zd", "²", "①", "᠑᠒", "٣"])
def test_numbers_of_any_script_take_no_danger_away(sign):
    """Found by hypothesis: a sign that is a digit and no decimal one could not be read at all."""
    assert "heavy_bleeding" in dangers(f"{sign} i am soaking a pad an hour {sign}")


def test_the_word_lists_are_not_printed():
    """A report of an error that prints its arguments printed the whole search tree: 22 GB."""
    assert len(repr(scorer().lexicons)) < 200


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "bleeding has not stopped"),
        ("en", "it hasnt stopped"),
        ("en", "not stopped"),
        ("en", "it had stopped but started again"),
        ("es", "el sangrado no ha parado"),
        ("es", "no para"),
        ("fr", "ça n'arrête pas"),
        ("fr", "ça s'est pas arrêté"),
        ("hi", "nahi ruka"),
        ("hi", "खून बंद नहीं हुआ"),
    ],
)
def test_what_has_not_stopped_is_never_none(language, text):
    assert read(text, "amount", language).answer != "none"
    assert read(text, "heavy", language).answer != "no"

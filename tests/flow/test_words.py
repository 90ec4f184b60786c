"""What is said: complete in every language, short, plain, and right for the country."""

import re
import time

import pyphen
import pytest

from hotline.errors import FlowError, FlowErrors
from hotline.flow.events import Form
from hotline.flow.levels import Level
from hotline.flow.load import load_flow
from hotline.flow.model import Kind, Option, Question
from hotline.flow.places import spoken_number
from hotline.flow.sms_text import Encoding, measure, odd_letters
from hotline.flow.template import cut
from hotline.flow.words import (
    LAST_WORDS,
    labels_of,
    phrase,
    render_advice,
    render_aside,
    render_disposition,
    render_exit,
    render_level,
    render_noted,
    render_question,
    render_topic,
    safe_reply,
    spoken_keys,
    topic_menu,
    written_options,
)
from hotline.flow.words_load import load_words, missing_words
from hotline.flow.yaml_text import read_yaml

LANGUAGES = ("en", "es", "fr", "hi")
GSM_LANGUAGES = ("en", "es", "fr")
COUNTRIES = ("GB", "GB-NIR", "US", "CA", "IE", "AU", "NZ", "IN", "NG", "KE", "FR", "ES", "MX", None)
CARRIER = {
    *("STOP", "END", "QUIT", "CANCEL", "UNSUBSCRIBE", "STOPALL"),
    *("HELP", "INFO", "START", "UNSTOP"),
}
SECTIONS = ("levels", "advice", "exits", "asides", "phrases")
NAMES_OF_PLACES = {
    *("emergency", "emergency_again", "urgent_line", "violence", "crisis", "child"),
    *("unit_not_pregnant", "unit_after_pregnancy"),
    *("hospital", "unit", "or_hospital", "silent_call", "then_press", "press_key", "number"),
}
OWN = dict.fromkeys(("number", "press", "key", "label"), "1")
SECRET = {
    "en": r"pregnan|bleed|blood|baby|midwi|abuse|hurt|harm|violen|rape|sex|womb|maternity|miscarr",
    "es": r"embaraz|sangr|beb[eé]|matron|parter|abus|violen|sexo|aborto|materni",
    "fr": r"enceinte|grossess|saign|sang\b|b[eé]b[eé]|sage-femme|violen|viol\b|sexe|couche|materni",
    "hi": r"गर्भ|ख़ून|खून|बच्च|दाई|हिंसा|मारपीट|सेक्स|प्रेग",
}


@pytest.fixture(scope="module")
def words(repository):
    return load_words(repository / "flows" / "bleeding", repository / "flows")


@pytest.fixture(scope="module")
def flow(repository):
    return load_flow(repository / "flows" / "bleeding" / "flow.yaml")


@pytest.fixture(scope="module")
def questions(flow):
    return list(flow.questions)


def sayings(texts):
    """Every saying of a language: its name, and the saying."""
    for section in SECTIONS:
        for one, saying in getattr(texts, section).items():
            yield f"{section}.{one}", saying
    for one, topic in texts.topics.items():
        yield f"topics.{one}", topic.saying


def grade(text):
    """The Flesch-Kincaid grade, with the larger of two syllable counts of each word.

    textstat cannot do it here: its newer versions fetch a dictionary when they run.
    """
    known = pyphen.Pyphen(lang="en_US")
    found = re.findall(r"[A-Za-z']+", text)
    sentences = max(1, len(re.findall(r"[^.!?:\n]+[.!?:\n]+|[^.!?:\n]+$", text.strip())))

    def syllables(word):
        vowels = len(re.findall(r"[aeiouy]+", word.lower()))
        if re.search(r"[^laeiouy]e$|[^tdaeiouy]ed$", word.lower()) and vowels > 1:
            vowels -= 1
        return max(1, vowels, len(known.positions(word.lower())) + 1)

    total = sum(map(syllables, found))
    return 0.39 * len(found) / sentences + 11.8 * total / len(found) - 15.59


# --- complete


def test_every_language_is_there(words):
    assert set(words.languages) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_for_everything_english_has_and_nothing_more(words, language):
    english, other = words.texts("en"), words.texts(language)
    assert missing_words(english, other) == ()
    assert missing_words(other, english) == ()
    for one, question in english.questions.items():
        assert set(question.options) == set(other.questions[one].options), one
        assert (question.digits is None) == (other.questions[one].digits is None), one


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_flow_never_lacks_words(words, flow, language):
    texts, place = words.texts(language), words.place("GB", language)
    for question in flow.questions:
        for form in Form:
            assert render_question(texts, question, form, place)
            assert render_question(texts, question, form, place, voice=True)
        spoken_keys(texts, question, place)
    for level in Level:
        assert render_level(texts, level, place)
    for advice in flow.advice:
        assert render_advice(texts, advice.say, place)
    for one in flow.exits:
        assert render_exit(texts, one.say, place)
    for aside in flow.asides:
        assert render_aside(texts, aside.say, place)
    assert set(texts.questions) == set(flow.by_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_name_answers_that_exist(words, flow, language):
    for fact in words.texts(language).facts:
        question, _, value = fact.partition(".")
        assert question in flow.by_id
        assert not value or value in flow.by_id[question].values


def test_every_source_of_a_topic_is_in_the_list_of_sources(words, repository):
    tree, _ = read_yaml(repository / "flows" / "bleeding" / "sources.yaml")
    for texts in words.languages.values():
        for topic in texts.topics.values():
            assert set(topic.sources) <= set(tree["sources"])


def test_every_source_of_the_flow_is_in_the_list_of_sources(flow, repository):
    tree, _ = read_yaml(repository / "flows" / "bleeding" / "sources.yaml")
    used = {source for rule in flow.rules for source in rule.sources}
    assert used <= set(tree["sources"])


def test_every_source_says_how_it_was_read_and_when(repository):
    tree, _ = read_yaml(repository / "flows" / "bleeding" / "sources.yaml")
    for key, source in tree["sources"].items():
        assert {"organisation", "title", "url", "status", "checked"} <= set(source), key
        assert source["status"] in {"V", "V2", "NV"}, key


# --- short


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_question_with_its_options_fits(words, questions, language, country):
    texts, place = words.texts(language), words.place(country, language)
    most = 2 if language in GSM_LANGUAGES else 4
    for question in questions:
        for form in Form:
            asked = render_question(texts, question, form, place)
            assert measure(asked).segments <= most, asked


@pytest.mark.parametrize("language", GSM_LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_nothing_leaves_the_gsm_alphabet(words, questions, language, country):
    texts, place = words.texts(language), words.place(country, language)
    for name, saying in sayings(texts):
        text = saying.fill(place, OWN, voice=False)
        assert odd_letters(text) == (), name
    for question in questions:
        for form in Form:
            asked = render_question(texts, question, form, place)
            assert measure(asked).encoding is Encoding.GSM_7, asked


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_a_topic_fits_and_ends_with_the_way_back(words, language, country):
    texts, place = words.texts(language), words.place(country, language)
    for topic in texts.topics:
        said = render_topic(texts, topic, place)
        assert measure(said).segments <= (2 if language in GSM_LANGUAGES else 5), said
        assert said.endswith(place.sms["way_back"])


def test_the_headline_reply_fits_three_segments(words):
    texts, place = words.texts("en"), words.place("GB", "en")
    said = render_disposition(texts, Level.SOON, ("self_care_tips", "log", "safety_net"), place)
    assert measure(said).segments == 3
    assert said.startswith("Call your early pregnancy or maternity unit")


# --- the action first


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("voice", [False, True])
def test_an_emergency_begins_with_the_number_and_sends_no_ambulance(
    words, language, country, voice
):
    place = words.place(country, language)
    filled = place.voice if voice else place.sms
    said = render_level(words.texts(language), Level.EMERGENCY, place, voice=voice)
    number = filled["emergency"]
    assert said.index(number[:20]) <= 35
    if country:
        assert said.index(number) + len(number) <= 70
    ambulance = {"en": "ambulance", "es": "ambulancia", "fr": "ambulance", "hi": "एम्बुलेंस"}
    assert ambulance[language] in said
    assert filled["hospital"][:6] in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_urgent_says_whom_to_call_at_once(words, language, country):
    place = words.place(country, language)
    said = render_level(words.texts(language), Level.URGENT, place)
    assert place.sms["unit"] in said[:70], said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_every_level_names_the_emergency_number(words, language, country):
    place = words.place(country, language)
    for level in Level:
        assert place.sms["emergency"] in render_level(words.texts(language), level, place)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_text_says_who_we_are_and_the_emergency_number(words, flow, language):
    said = render_question(
        words.texts(language), flow.by_id["safe_to_text"], Form.ASK, words.place("GB", language)
    )
    assert "999" in said
    automatic = {"en": "automatic", "es": "autom", "fr": "autom", "hi": "ऑटोमैटिक"}
    doctor = {"en": "not a doctor", "es": "no soy médic", "fr": "pas médecin", "hi": "डॉक्टर नहीं"}
    assert automatic[language] in said
    assert doctor[language].replace("é", "e") in said.replace("é", "e")


def test_weak_cover_and_an_unknown_country_add_the_way_to_the_hospital(words):
    texts = words.texts("en")
    for country in ("NG", None):
        said = render_level(texts, Level.EMERGENCY, words.place(country, "en"))
        assert "or go to the nearest hospital NOW" in said
    said = render_level(texts, Level.EMERGENCY, words.place("GB", "en"))
    assert "or go to" not in said
    assert said.startswith("CALL 999 NOW.")


def test_an_unknown_country_gets_no_number_but_the_one_that_works_on_most_networks(words):
    said = render_level(words.texts("en"), Level.EMERGENCY, words.place(None, "en"))
    assert "your local emergency number (112 works on most mobile networks)" in said
    assert set(re.findall(r"\d+", said)) == {"112"}


def test_silent_calling_is_told_only_where_it_exists(words):
    texts = words.texts("en")
    assert "999, then press 55" in render_exit(texts, "not_safe", words.place("GB", "en"))
    assert "press" not in render_exit(texts, "not_safe", words.place("US", "en"))


# --- plain


def test_english_is_read_by_a_child_of_eleven(words, questions):
    texts, place = words.texts("en"), words.place("GB", "en")
    hard = {}
    for name, saying in sayings(texts):
        if name.removeprefix("phrases.") in NAMES_OF_PLACES:
            continue
        for voice in (False, True):
            text = saying.fill(place, OWN, voice=voice)
            hard[name, voice] = grade(text)
    for question in questions:
        asked = texts.questions[question.id]
        for form in (asked.ask, asked.simpler):
            hard[question.id, form] = grade(form.fill(place.sms))
    assert {name: round(one, 1) for name, one in hard.items() if one > 6} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_word_is_one_that_the_carrier_keeps(words, questions, language):
    texts = words.texts(language)
    for question in questions:
        for _, label in written_options(texts, question):
            assert label.upper() not in CARRIER


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
def test_follow_ups_give_nothing_away(words, language, country):
    texts, place = words.texts(language), words.place(country, language)
    for one in (one for one in texts.phrases if one.startswith("follow_up")):
        for voice in (False, True):
            said = phrase(texts, one, place, voice=voice)
            assert not re.search(SECRET[language], said, re.IGNORECASE), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_blamed_and_nothing_is_diagnosed(words, language):
    texts = words.texts(language)
    forbidden = re.compile(
        r"you have (a |an )?(miscarr|ectopic|infection|placenta)|you are miscarrying"
        r"|nothing to worry|you should have|usually harmless|probably|don't worry",
        re.IGNORECASE,
    )
    for name, saying in sayings(texts):
        assert not forbidden.search(saying.fill(words.place("GB", language), OWN, voice=False)), (
            name
        )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_number_is_written_into_a_text(words, language):
    texts = words.texts(language)
    allowed = {"1", "2", "3", "0", "9", "12", "99", "7", "10", "20", "24", "72", "112"}
    for name, saying in sayings(texts):
        for template in (saying.sms, saying.voice):
            numbers = set(re.findall(r"\d+", " ".join(template.parts[::2])))
            assert numbers <= allowed, name


# --- the safe reply


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("voice", [False, True])
def test_the_safe_reply_begins_with_the_emergency_number(words, language, country, voice):
    said = safe_reply(words, country, language, voice=voice)
    place = words.place(country, language)
    number = (place.voice if voice else place.sms)["emergency"]
    assert said.index(number) <= 25, said


def test_the_safe_reply_never_fails(words):
    assert safe_reply(None, None, None) == LAST_WORDS
    assert safe_reply(None, "GB", "en", voice=True) == LAST_WORDS
    assert safe_reply(words, "no such country", "no such language").startswith("CALL your local")
    assert "112" in LAST_WORDS[:120]
    assert measure(LAST_WORDS).segments <= 2


# --- how it is put together


def test_a_question_is_followed_by_its_options_one_a_line(words, flow):
    asked = render_question(
        words.texts("en"), flow.by_id["heavy"], Form.ASK, words.place("GB", "en")
    )
    assert asked.endswith("?\n1 Yes\n2 No\n3 Not sure")


def test_a_question_for_a_number_has_no_list(words, flow):
    texts, place = words.texts("en"), words.place("GB", "en")
    assert "\n" not in render_question(texts, flow.by_id["weeks"], Form.ASK, place)
    assert written_options(texts, flow.by_id["weeks"]) == ()
    assert labels_of(texts, flow.by_id["weeks"])["no_test"] == "No test yet"


def test_after_two_misunderstandings_only_a_number_is_asked_for(words, flow):
    texts, place = words.texts("en"), words.place("GB", "en")
    asked = render_question(texts, flow.by_id["heavy"], Form.DIGITS, place)
    assert "Please text one number:\n1 Yes" in asked
    asked = render_question(texts, flow.by_id["signs"], Form.DIGITS, place)
    assert "Please text only numbers, like 1 3:\n1 Water leaking" in asked
    asked = render_question(texts, flow.by_id["weeks"], Form.DIGITS, place)
    assert asked.startswith("Please text one number only.")


def test_keys_are_spoken_with_what_they_mean(words, flow):
    keys = spoken_keys(words.texts("en"), flow.by_id["heavy"], words.place("GB", "en"))
    assert keys == "For yes, press 1. For no, press 2. For not sure, press 3."


def test_a_spoken_option_is_said_as_its_author_wrote_it_for_the_voice(words, flow):
    keys = spoken_keys(words.texts("en"), flow.by_id["risks"], words.place("GB", "en"))
    assert "For R H negative blood, press 5." in keys
    assert "For past ectopic pregnancy, press 1." in keys


def test_options_follow_the_flow_and_not_the_texts(words):
    turned = Question(
        "heavy", Kind.YES_NO, (Option("1", "no"), Option("2", "yes")), "yes", "yes", 1
    )
    asked = render_question(words.texts("en"), turned, Form.ASK, words.place("GB", "en"))
    assert asked.endswith("\n1 No\n2 Yes")


def test_an_option_without_a_label_is_told_as_a_fault(words):
    odd = Question("heavy", Kind.YES_NO, (Option("1", "perhaps"),), "yes", "yes", 1)
    with pytest.raises(FlowError, match="perhaps"):
        render_question(words.texts("en"), odd, Form.ASK, words.place("GB", "en"))


def test_numbers_are_spoken_digit_by_digit():
    assert spoken_number("999") == "9 9 9"
    assert spoken_number("0808 2000 247") == "0 8 0 8, 2 0 0 0, 2 4 7"
    assert spoken_number("1-800-799-7233") == "1, 8 0 0, 7 9 9, 7 2 3 3"


def test_a_key_to_press_after_a_number_is_said(words):
    assert words.place("GB", "en").sms["crisis"] == "111, then press 2"


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({}, ""),
        ({"weeks": 12}, "I have noted: 12 weeks pregnant."),
        (
            {"before": "sex", "amount": "spots", "weeks": 12},
            "I have noted: 12 weeks pregnant, spots of blood, bleeding after sex.",
        ),
        ({"harm": "yes", "age_band": "under_16"}, ""),
        ({"weeks": "unknown"}, ""),
        (
            {"risks": frozenset({"rh_negative", "low_placenta"})},
            "I have noted: low placenta, Rh negative.",
        ),
    ],
)
def test_what_she_told_is_shown_back_but_never_harm(words, told, line):
    assert render_noted(words.texts("en"), told, words.place("GB", "en")) == line


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_shows_harm_back(words, language):
    for fact in words.texts(language).facts:
        assert fact.partition(".")[0] not in {"harm", "age_band", "safe_to_text"}


def test_topics_are_listed_with_their_titles(words):
    menu = topic_menu(words.texts("en"))
    assert menu[0] == ("1", "Spotting after sex")
    assert len(menu) == 10


def test_the_first_language_is_the_countrys(words):
    assert words.first_language("GB") == "en"
    assert words.first_language("MX") == "es"
    assert words.first_language("IN") == "hi"
    assert words.first_language("DE") == "en"
    assert words.first_language(None) == "en"


def test_accents_that_gsm_lacks_are_written_without_but_spoken_with(words):
    saying = words.texts("es").levels["emergency"]
    assert odd_letters("".join(saying.sms.parts)) == ()
    assert odd_letters("".join(saying.voice.parts)) != ()


def test_a_remembered_question_costs_microseconds(words, questions):
    texts, place = words.texts("en"), words.place("GB", "en")
    for question in questions:
        render_question(texts, question, Form.ASK, place)
    began = time.perf_counter()
    for _ in range(20):
        for question in questions:
            render_question(texts, question, Form.ASK, place)
    assert (time.perf_counter() - began) / (20 * len(questions)) < 30e-6


# --- mistakes in the files


def test_a_template_is_cut_at_its_placeholders():
    template = cut("CALL {emergency} NOW")
    assert template.names == ("emergency",)
    assert template.fill({"emergency": "999"}) == "CALL 999 NOW"
    with pytest.raises(ValueError, match="brace"):
        cut("CALL {Emergency} NOW")
    with pytest.raises(ValueError, match="brace"):
        cut("CALL {emergency NOW")


@pytest.fixture
def copied(repository, tmp_path):
    """A copy of the English files, to be broken."""
    for name in (
        "bleeding/text.en.yaml",
        "phrases/en.yaml",
        "topics/en.yaml",
        "countries.yaml",
    ):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_text((repository / "flows" / name).read_text())
    return tmp_path


def broken(folder):
    with pytest.raises((FlowError, FlowErrors)) as told:
        load_words(folder / "bleeding", folder)
    return told.value.errors if isinstance(told.value, FlowErrors) else [told.value]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("bleeding/text.en.yaml", "{unit} now", "{units} now", "unknown placeholder {units}"),
        ("bleeding/text.en.yaml", "{unit} now", "{unit now", "brace"),
        ("bleeding/text.en.yaml", "language: en", "language: fr", "'fr'"),
        ("bleeding/text.en.yaml", "  urgent:", "  urgently:", "urgently"),
        ("bleeding/text.en.yaml", "    simpler:", "    simple:", "unknown name"),
        ("bleeding/text.en.yaml", "labels:", "label:", "labels: is missing"),
        ("phrases/en.yaml", "{press}", "{presses}", "unknown placeholder {presses}"),
        ("phrases/en.yaml", "language: en", "language: hi", "'hi'"),
        ("topics/en.yaml", "sources: [AEPU, MOS]", "sources: []", "at least 1"),
        ("topics/en.yaml", "{way_back}", "{wayback}", "unknown placeholder {wayback}"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_file_and_line(copied, name, old, new, words):
    path = copied / name
    text = path.read_text()
    at = text[: text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1))
    faults = broken(copied)
    fault = next(one for one in faults if words in str(one))
    assert fault.file.endswith(name)
    # A name that is missing is told where the file begins.
    assert abs(fault.line - at) <= 1 or "is missing" in str(fault)


def test_a_language_without_phrases_is_told(copied):
    (copied / "phrases" / "en.yaml").unlink()
    assert "phrases" in str(broken(copied)[0])


def test_a_flow_without_english_is_told(copied):
    (copied / "bleeding" / "text.en.yaml").unlink()
    assert "English" in str(broken(copied)[0])


def test_missing_words_are_named(copied, words):
    path = copied / "bleeding" / "text.en.yaml"
    path.write_text(re.sub(r"  test_today:\n    sms: .*\n", "", path.read_text()))
    fewer = load_words(copied / "bleeding", copied).texts("en")
    assert missing_words(words.texts("en"), fewer) == ("advice.test_today",)

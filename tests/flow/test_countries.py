"""Which number is shown in which country, and whose a phone number is."""

import re
import subprocess
import sys
import time

import phonenumbers
import pytest

from hotline.errors import FlowError, FlowErrors
from hotline.flow.countries import LineKind, country_of
from hotline.flow.countries_load import load_countries

EU = re.findall(
    "..",
    "ATBEBGHRCYCZDKEEFIFRDEGRHUIEITLVLTLUMTNLPLPTROSKSIESSE",
)

# The package's table is not a health source: here it is behind what our sources say.
NOT_IN_PHONENUMBERS = {
    "NG": "112 was read in a source; the package knows only 199",
    "GH": "112 replaced 191, 192 and 193, which the package still has",
}


@pytest.fixture(scope="module")
def countries(repository):
    return load_countries(repository / "flows" / "countries.yaml")


@pytest.mark.parametrize(
    ("country", "number"),
    [
        *((code, "112") for code in EU),
        ("GB", "999"),
        ("GB-ENG", "999"),
        ("GB-SCT", "999"),
        ("GB-WLS", "999"),
        ("GB-NIR", "999"),
        ("US", "911"),
        ("CA", "911"),
        ("MX", "911"),
        ("PH", "911"),
        ("AU", "000"),
        ("NZ", "111"),
        ("IN", "112"),
        ("PK", "1122"),
        ("BD", "999"),
        ("ZA", "112"),
        ("NG", "112"),
        ("KE", "999"),
        ("GH", "112"),
        ("BR", "192"),
    ],
)
def test_each_country_shows_its_emergency_number(countries, country, number):
    assert countries.get(country).shown(LineKind.EMERGENCY).number == number


def test_every_emergency_number_is_one_that_phonenumbers_knows(countries):
    unknown = set()
    for code, country in countries.by_code.items():
        number = country.shown(LineKind.EMERGENCY).number
        if not phonenumbers.is_emergency_number(number, code[:2]):
            unknown.add(code)
    assert unknown == set(NOT_IN_PHONENUMBERS)


def test_an_unverified_emergency_number_is_shown_only_where_none_is_verified(countries):
    unverified = {
        code
        for code, country in countries.by_code.items()
        if not country.shown(LineKind.EMERGENCY).verified
    }
    assert unverified == {"JE", "GG", "IM"}


def test_no_other_line_is_shown_unless_it_is_verified(countries):
    for country in countries.by_code.values():
        for kind in set(LineKind) - {LineKind.EMERGENCY}:
            line = country.shown(kind)
            assert line is None or line.verified


def test_a_number_that_must_never_be_given_is_in_no_line(countries):
    assert "719" in countries.get("KE").never
    assert "111" in countries.get("GB-NIR").never
    for country in countries.by_code.values():
        numbers = {line.number for lines in country.lines.values() for line in lines}
        assert not numbers & set(country.never)


@pytest.mark.parametrize(
    ("country", "kind", "number"),
    [
        ("GB", LineKind.URGENT, "111"),
        ("GB-NIR", LineKind.URGENT, None),
        ("GB", LineKind.VIOLENCE, "0808 2000 247"),
        ("GB", LineKind.CHILD, "0800 1111"),
        ("GB-SCT", LineKind.CRISIS, "0800 83 85 87"),
        ("IE", LineKind.VIOLENCE, "1800 341 900"),
        ("IE", LineKind.CRISIS, "116 123"),
        ("FR", LineKind.CRISIS, None),
        ("US", LineKind.URGENT, None),
        ("US", LineKind.VIOLENCE, "1-800-799-7233"),
        ("US", LineKind.CRISIS, "988"),
        ("CA", LineKind.URGENT, None),
        ("AU", LineKind.URGENT, "1800 022 222"),
        ("NZ", LineKind.URGENT, "0800 611 116"),
        ("NZ", LineKind.CRISIS, None),
        ("IN", LineKind.VIOLENCE, "181"),
        ("IN", LineKind.CRISIS, None),
        ("KE", LineKind.VIOLENCE, "1195"),
        ("ZA", LineKind.CRISIS, "0800 567 567"),
        ("NG", LineKind.VIOLENCE, None),
    ],
)
def test_other_lines_are_those_of_the_reference(countries, country, kind, number):
    line = countries.get(country).shown(kind)
    assert (line.number if line else None) == number


def test_the_mental_health_option_of_111_says_which_key_to_press(countries):
    line = countries.get("GB").shown(LineKind.CRISIS)
    assert (line.number, line.then) == ("111", "2")


def test_only_the_uk_has_a_silent_call(countries):
    silent = {code for code, one in countries.by_code.items() if one.silent_call}
    assert silent == {"GB", "GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR"}
    assert countries.get("GB").silent_call.press == "55"


def test_weak_ambulance_cover_is_marked(countries):
    assert countries.get("NG").weak_cover
    assert not countries.get("GB").weak_cover


def test_a_territory_has_the_numbers_of_its_country(countries):
    assert countries.get("PR") is countries.get("US")
    assert countries.get("AX") is countries.get("FI")
    assert countries.get("RE") is countries.get("FR")


def test_an_unknown_country_is_none_and_nothing_is_guessed(countries):
    assert countries.get(None) is None
    assert countries.get("JP") is None
    assert countries.of("+81312345678") is None
    assert countries.of(None) is None
    assert countries.of("nonsense") is None


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("+447700900123", "GB"),  # set aside for films; still a UK number
        ("+447400123456", "GB"),
        ("+442079460000", "GB"),
        ("+442890180000", "GB"),  # Belfast: the number says no more than GB
        ("+441534700000", "JE"),
        ("+447797700000", "JE"),
        ("+447781100000", "GG"),
        ("+447624100000", "IM"),
        ("+12125550123", "US"),
        ("+15005550006", "US"),  # Twilio's test number
        ("+18005550123", "US"),
        ("+16045550123", "CA"),
        ("+14165550123", "CA"),
        ("+18095551234", "DO"),
        ("+18765551234", "JM"),
        ("+17875551234", "PR"),
        ("+19995550123", None),  # an area code nobody has
        ("+353861234567", "IE"),
        ("+33612345678", "FR"),
        ("+34612345678", "ES"),
        ("+919812345678", "IN"),
        ("+61412345678", "AU"),
        ("+79161234567", "RU"),
        ("+77010000000", "KZ"),
        ("+358401234567", "FI"),
        ("+390612345678", "IT"),
        ("+80012345678", None),  # international freephone: no country
        ("+999", None),
        ("+99912345678", None),
        ("447700900123", None),
        ("whatsapp:+447700900123", None),
        ("+44770090012x", None),
        ("+\uff14\uff147700900123", None),
        ("+0123456789", None),
        ("+4412345678901234", None),
        ("+", None),
        ("", None),
        ("Tommys", None),
    ],
)
def test_the_country_of_a_phone_number(number, country):
    assert country_of(number) == country


def test_the_answer_agrees_with_phonenumbers_for_an_example_of_every_region():
    for region in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number_for_type(
            region, phonenumbers.PhoneNumberType.MOBILE
        ) or phonenumbers.example_number(region)
        number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
        assert country_of(number) == phonenumbers.region_code_for_number(example), number


def test_a_known_prefix_costs_microseconds():
    numbers = [f"+4477009{i:05}" for i in range(2000)] + [f"+1212555{i:04}" for i in range(2000)]
    for number in numbers:
        country_of(number)
    began = time.perf_counter()
    for number in numbers:
        country_of(number)
    assert (time.perf_counter() - began) / len(numbers) < 20e-6


def test_phonenumbers_is_not_imported_before_it_is_needed():
    code = "import sys, hotline.flow.countries; sys.exit('phonenumbers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


HEAD = """checked: 2026-11-22
sources:
  S: {title: a page, status: V}
  N: {title: hearsay, status: NV}
countries:
  XX:
    name: Somewhere
    languages: [en]
"""


@pytest.mark.parametrize(
    ("rest", "line", "words"),
    [
        ("", 6, "emergency: is missing"),
        ("    emergency: []\n", 9, "at least 1"),
        ('    emergency: [{number: "999", verified: maybe, source: S}]\n', 9, "verified"),
        ('    emergency: [{number: "999", verified: yes, source: T}]\n', 9, "unknown source"),
        ('    emergency: [{number: "999", verified: yes, source: N}]\n', 9, "not verified"),
        ('    emergency: [{number: "9x9", verified: yes, source: S}]\n', 9, "number"),
        ('    emergency: [{number: "9", verified: yes, source: S}]\n', 9, "number"),
        (
            '    emergency: [{number: "999", verified: yes, source: S}]\n    police: "17"\n',
            10,
            "unknown name",
        ),
        (
            '    emergency: [{number: "999", verified: yes, source: S}]\n    never: {"999": bad}\n',
            9,
            "never to give it",
        ),
        (
            '    emergency: [{number: "999", verified: yes, source: S}]\n    territories: [XX]\n',
            10,
            "entry of its own",
        ),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path, rest, line, words):
    path = tmp_path / "countries.yaml"
    path.write_text(HEAD + rest)
    with pytest.raises((FlowError, FlowErrors)) as told:
        load_countries(path)
    first = told.value.errors[0] if isinstance(told.value, FlowErrors) else told.value
    assert first.line == line
    assert words in str(first)

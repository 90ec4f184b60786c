"""Made-up phone numbers: of the right form, and where a country keeps some free, nobody's."""

from __future__ import annotations

import secrets

import phonenumbers

NOWHERE = "+881612345678"
"""A satellite phone, which is in no country."""

# Ranges that regulators keep free for drama: Ofcom's for mobiles; 555-01xx in North America.
_FREE = {"GB": ("+447700900", 3), "US": ("+120255501", 2), "CA": ("+161355501", 2)}
_CHANGED = 4


def example_number(country: str) -> str:
    """A mobile number of a country (ISO code), E.164; the same one each time."""
    mobile = phonenumbers.PhoneNumberType.MOBILE
    example = phonenumbers.example_number_for_type(country, mobile)
    example = example or phonenumbers.example_number(country)
    if example is None:
        return NOWHERE
    return phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)


def new_number(country: str) -> str:
    """Another mobile number of a country each time."""
    free = _FREE.get(country)
    if free is not None:
        prefix, digits = free
        return prefix + _digits(digits)
    return example_number(country)[:-_CHANGED] + _digits(_CHANGED)


def _digits(count: int) -> str:
    return "".join(secrets.choice("0123456789") for _ in range(count))

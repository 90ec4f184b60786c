"""Twilio's error codes as a table: what each means for us, and whether trying again can help.

Source: https://www.twilio.com/docs/api/errors and one page per code below it. Twilio adds codes
without notice (changelog of 2024-07-10), so a code that is not here is judged by its HTTP status.
"""

from dataclasses import dataclass
from enum import StrEnum

TOO_MANY_REQUESTS = 429
GATEWAY_TIMEOUT = 504
SERVER_ERRORS = 500


class Meaning(StrEnum):
    """What a code tells us."""

    OPTED_OUT = "opted_out"
    NO_SUCH_NUMBER = "no_such_number"
    CANNOT_TEXT = "cannot_text"
    UNREACHABLE = "unreachable"
    FILTERED = "filtered"
    TOO_FAST = "too_fast"
    TOO_LATE = "too_late"
    OUR_ACCOUNT = "our_account"
    OUR_MESSAGE = "our_message"
    CARRIER_FAULT = "carrier_fault"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `permanent`: the same thing sent again can only fail again."""

    meaning: Meaning
    permanent: bool
    note: str


_NEVER, _LATER = True, False

CODES: dict[int, Code] = {
    # The request was refused.
    20003: Code(Meaning.OUR_ACCOUNT, _LATER, "key or secret refused; passes once it is mended"),
    20005: Code(Meaning.OUR_ACCOUNT, _LATER, "account not active"),
    20403: Code(Meaning.OUR_ACCOUNT, _LATER, "the key may not do this"),
    20404: Code(Meaning.OUR_ACCOUNT, _NEVER, "no such account or resource"),
    20429: Code(Meaning.TOO_FAST, _LATER, "too many requests; not processed"),
    20500: Code(Meaning.CARRIER_FAULT, _LATER, "Twilio's own fault"),
    20503: Code(Meaning.CARRIER_FAULT, _LATER, "Twilio is not available"),
    21210: Code(Meaning.OUR_ACCOUNT, _NEVER, "the calling number is not verified"),
    21211: Code(Meaning.NO_SUCH_NUMBER, _NEVER, "not a number"),
    21212: Code(Meaning.OUR_ACCOUNT, _NEVER, "our number is not valid"),
    21214: Code(Meaning.NO_SUCH_NUMBER, _NEVER, "the number cannot be called"),
    21215: Code(Meaning.OUR_ACCOUNT, _NEVER, "the account may not call that country"),
    21216: Code(Meaning.NO_SUCH_NUMBER, _NEVER, "Twilio does not call that number"),
    21217: Code(Meaning.NO_SUCH_NUMBER, _NEVER, "not a number"),
    21219: Code(Meaning.OUR_ACCOUNT, _NEVER, "trial account: number not verified"),
    21401: Code(Meaning.NO_SUCH_NUMBER, _NEVER, "not a number"),
    21408: Code(Meaning.OUR_ACCOUNT, _NEVER, "the account may not text that country"),
    21602: Code(Meaning.OUR_MESSAGE, _NEVER, "a text without words"),
    21603: Code(Meaning.OUR_ACCOUNT, _NEVER, "a text without our number"),
    21604: Code(Meaning.NO_SUCH_NUMBER, _NEVER, "a text without a number to send to"),
    21606: Code(Meaning.OUR_ACCOUNT, _NEVER, "our number cannot text there"),
    21608: Code(Meaning.OUR_ACCOUNT, _NEVER, "trial account: number not verified"),
    21610: Code(Meaning.OPTED_OUT, _NEVER, "she sent STOP"),
    21611: Code(Meaning.TOO_FAST, _LATER, "our number's queue is full"),
    21612: Code(Meaning.CANNOT_TEXT, _NEVER, "no way from our number to hers"),
    21614: Code(Meaning.CANNOT_TEXT, _NEVER, "not a mobile number"),
    21617: Code(Meaning.OUR_MESSAGE, _NEVER, "over 1,600 characters"),
    21635: Code(Meaning.CANNOT_TEXT, _NEVER, "a landline"),
    21659: Code(Meaning.OUR_ACCOUNT, _NEVER, "our number is not a Twilio number"),
    21660: Code(Meaning.OUR_ACCOUNT, _NEVER, "our number belongs to another account"),
    21661: Code(Meaning.OUR_ACCOUNT, _NEVER, "our number cannot text"),
    # The text was taken and did not arrive (delivery reports).
    30001: Code(Meaning.TOO_FAST, _LATER, "the queue overflowed"),
    30002: Code(Meaning.OUR_ACCOUNT, _LATER, "account suspended"),
    30003: Code(Meaning.UNREACHABLE, _LATER, "phone off or without network"),
    30004: Code(Meaning.FILTERED, _NEVER, "blocked for this number"),
    30005: Code(Meaning.NO_SUCH_NUMBER, _NEVER, "number unknown or no longer used"),
    30006: Code(Meaning.CANNOT_TEXT, _NEVER, "landline or unreachable carrier"),
    30007: Code(Meaning.FILTERED, _NEVER, "filtered by a carrier"),
    30008: Code(Meaning.UNKNOWN, _LATER, "no reason given"),
    30010: Code(Meaning.OUR_ACCOUNT, _NEVER, "over the price limit"),
    30022: Code(Meaning.TOO_FAST, _LATER, "over the campaign's rate"),
    30023: Code(Meaning.TOO_FAST, _LATER, "over the brand's daily limit"),
    30032: Code(Meaning.OUR_ACCOUNT, _NEVER, "toll-free number not verified"),
    30034: Code(Meaning.OUR_ACCOUNT, _NEVER, "number not registered for US texts"),
    30036: Code(Meaning.TOO_LATE, _NEVER, "its time had run out; send a new one if it still holds"),
    30410: Code(Meaning.CARRIER_FAULT, _LATER, "the carrier took too long"),
    30500: Code(Meaning.CARRIER_FAULT, _LATER, "fault at Twilio"),
}


def judge(code: int | None, status: int) -> Code:
    """What a refused request means, by its code, else by its HTTP status."""
    known = CODES.get(code) if code is not None else None
    if known is not None:
        return known
    if status == TOO_MANY_REQUESTS:
        return CODES[20429]
    if status >= SERVER_ERRORS:
        return CODES[20500]
    return Code(Meaning.UNKNOWN, permanent=True, note=f"refused with HTTP {status}")


def judge_report(code: int | None) -> Code:
    """What the code of a delivery report means; one we do not know may pass."""
    known = CODES.get(code) if code is not None else None
    return known or Code(Meaning.UNKNOWN, permanent=False, note="no reason we know")

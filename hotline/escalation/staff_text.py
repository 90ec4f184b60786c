"""What staff text to the hotline: TAKE 1234, CALL 1234, BACK 1234, DONE 1234 and how it ended."""

import re
from dataclasses import dataclass
from enum import StrEnum

from hotline.escalation.rota import Person, Rota


class Order(StrEnum):
    """What a staff member asks for by text."""

    TAKE = "take"
    CALL = "call"
    BACK = "back"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class StaffOrder:
    """An order for the escalation with this code; `words` is what stood behind it."""

    order: Order
    code: str
    words: str = ""


_FORM = re.compile(
    r"(?:(take|call|back|done)[\s:#-]*)?(?:code\s*)?([0-9]{4})\b[\s.,:;!-]*(.*)\Z",
    re.IGNORECASE | re.DOTALL,
)


def read_staff_text(text: str) -> StaffOrder | None:
    """The order in a text, None when it is none. Four digits alone mean TAKE.

    Digits with other words behind them are no order: a staff member may be a patient too.
    """
    found = _FORM.match(text.strip())
    if found is None:
        return None
    order, code, words = found[1], found[2], found[3].strip()
    if order is None and words:
        return None
    return StaffOrder(Order(order.lower()) if order else Order.TAKE, code, words)


def staff_at(rota: Rota, number: str) -> Person | None:
    """Who on the rota has this number (E.164), None when nobody has."""
    return next((person for person in rota.people if person.phone == number), None)

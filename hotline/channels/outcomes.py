"""What came of asking the carrier for a message or a call."""

from dataclasses import dataclass

from hotline.channels.errors_table import Meaning


@dataclass(frozen=True, slots=True)
class Sent:
    """The carrier took it; `sid` is its id there. It has not arrived yet."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The carrier surely did not take it.

    `permanent`: the same thing can only fail again. `wait` is how many seconds the carrier asked us
    to wait, where it did. `problem` holds no number and no message text.
    """

    permanent: bool
    meaning: Meaning
    problem: str
    code: int | None = None
    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and no answer came: perhaps sent. Never repeat it to a patient."""

    problem: str


Outcome = Sent | Refused | Unknown

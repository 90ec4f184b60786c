"""The kinds of failure that cross from one room to another, under one root."""

from collections.abc import Iterable
from pathlib import Path


class HotlineError(Exception):
    """The root: whoever catches this catches every failure the hotline names itself."""


class FlowError(HotlineError):
    """One mistake in a flow's files, said so that its author can mend it.

    `line` counts from 1; None when the mistake is in no one line (a missing file).
    """

    def __init__(self, file: Path | str, line: int | None, problem: str, mend: str) -> None:
        place = f"{file}:{line}" if line is not None else str(file)
        super().__init__(f"{place}: {problem}. {mend}")
        self.file = str(file)
        self.line = line
        self.problem = problem
        self.mend = mend


class FlowErrors(HotlineError):  # noqa: N818 - several, and so it reads
    """All the mistakes found in one reading, so that one round of mending is enough."""

    def __init__(self, errors: Iterable[FlowError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(str(error) for error in self.errors))


class SettingsError(HotlineError):
    """Every fault in the settings at once; each fault is a whole sentence with its mend."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class StaleSession(HotlineError):  # noqa: N818 - DESIGN names it; it asks for another try
    """Somebody else committed this session since it was loaded. Load and step again."""


class StoreUnavailable(HotlineError):  # noqa: N818 - a state of the world, not of the code
    """Redis cannot be reached or refuses to write; trying again later may help."""


class SendError(HotlineError):
    """The carrier did not take a message or call.

    `permanent` means that no retry of the same thing can succeed (the number does not exist,
    she has opted out); `code` is the carrier's own number for the reason, where it gave one.
    """

    def __init__(self, problem: str, *, permanent: bool, code: int | None = None) -> None:
        super().__init__(problem)
        self.permanent = permanent
        self.code = code

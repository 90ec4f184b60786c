"""Whom and when a phrase is about: denied, supposed, long past, another's, a film's, certain."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.flow.danger.automaton import Match
from hotline.flow.danger.cues import CHANGING, Standing, longest
from hotline.flow.tokens import HARD, SOFT, Tokens

CONCEPTS = frozenset(("danger", "possible", "concept"))
LASTING = frozenset(("collapse", "seizure", "trauma", "assault", "fluid_leak", "tissue"))
"""Dangers that having stopped does not undo."""

_SUBJECT = frozenset(("subject", "self"))
_TOLD = _SUBJECT | {"mine", "own"}
_HERS = _SUBJECT | {"own"}
_OWN = _TOLD | {"breaker", "present", "patient"}
_CLAUSE = frozenset(("breaker", "present", "subject", "self", "negation", "and"))
_LIST_ENDS = frozenset(("breaker", "negation", "subject", "self", "present"))
_DENIES = frozenset(("negation", "negation_after", "nor"))
_STATED = Standing.STATED
_DENIAL_REACH = 4
_GUESS_REACH = 8
_RESOLVED_REACH = 6


class Scopes:
    """The scopes of one text; `standing` weighs a match against them."""

    def __init__(self, tokens: Tokens, matches: Iterable[Match]) -> None:
        """Lay out the cues and what each covers. `matches` are all of the text's matches."""
        self._breaks = tokens.breaks
        self._count = len(tokens.words)
        self._asked = tokens.asked
        cues: list[Match] = []
        named: list[Match] = []
        swallowed: set[int] = set()
        self._opinions: set[int] = set()
        for match in matches:
            output, start, end, skipped = match
            kind = output.kind
            if kind == "cue":
                cues.append(match)
                if output.name == "opinion":
                    self._opinions.add(start)
            elif kind in CONCEPTS:
                named.append(match)
                if kind != "concept" and end - start - len(skipped) > 1:
                    swallowed.update(range(start, end))
                    if skipped:
                        swallowed.difference_update(skipped)
        self._cues = longest(cues, swallowed)
        self._names = {at: cue.output.name for at, cue in self._cues.items()}
        self._concepts: dict[int, int] = {}
        for match in named:
            end = self._whole(match) if match.skipped else match.end
            if end > self._concepts.get(match.start, 0):
                self._concepts[match.start] = end
        self._denied: set[int] = set()
        self._elsewhere: set[int] = set()
        self._past: set[int] = set()
        self._doubtful: set[int] = set()
        self._denials: set[int] = set()
        names = set(self._names.values())
        self._after = not names.isdisjoint(_DENIES)
        self._ended = "resolved" in names
        self.plain = names.isdisjoint(CHANGING)
        if not self.plain:
            self._lay()

    def _whole(self, match: Match) -> int:
        """Where a thing named ends; a new clause in one of its gaps ends it before."""
        for at in match.skipped:
            if self.cue_at(at) in _CLAUSE:
                return match.skipped[0]
        return match.end

    def standing(self, match: Match) -> Standing:
        """How much this match counts after all that is said around it."""
        start = match.start
        if self._denials and not self._denials.isdisjoint(match.skipped):
            return Standing.DENIED
        if start in self._denied or (self._after and self._denied_after(match)):
            return Standing.DENIED
        if start in self._elsewhere:
            return Standing.ELSEWHERE
        if start in self._past:
            return Standing.PAST
        if start in self._doubtful or (self._ended and self._resolved(match)):
            return Standing.DOUBTFUL
        return _STATED

    def cue_at(self, index: int) -> str | None:
        """The name of the cue that begins at a word."""
        return self._names.get(index)

    def _lay(self) -> None:
        for at, cue in self._cues.items():
            match cue.output.name:
                case "negation" | "nor":
                    self._denials.add(at)
                    self._deny(cue)
                case "none_of":
                    self._denied.update(self._before(cue, over=SOFT) - {at})
                case "negation_after":
                    self._denials.add(at)
                case "hypothetical":
                    self_told = any(self.cue_at(i) == "self" for i in range(cue.end, cue.end + 2))
                    cover = self._doubtful if self_told else self._elsewhere
                    cover.update(self._guess(cue, subjects=1))
                case "asking":
                    reach = self._guess(cue, subjects=0)
                    near = self._concepts.get(cue.end, cue.end)
                    self._elsewhere.update(i for i in reach if i < near)
                    self._doubtful.update(reach)
                case "wondering":
                    self._doubtful.update(self._guess(cue, subjects=0))
                case name:
                    self._tell(name, at, cue)

    def _tell(self, name: str, at: int, cue: Match) -> None:
        """Lay out whose story a cue begins, and of when."""
        match name:
            case "other" | "bystander":
                self._elsewhere.update(self._others(cue, patient=name == "other"))
            case "general":
                self._elsewhere.update(self._before(cue))
            case "past":
                self._past.update(self._around(cue))
            case "lately":
                self._doubtful.update(self._around(cue))
            case "fiction":
                self._elsewhere.update(self._sentence(at))
            case "joke":
                self._doubtful.update(self._sentence(at))

    def _deny(self, cue: Match) -> None:
        """A denial reaches the next thing named, and on through "or" and through lists."""
        at, idle = cue.end, 0
        self._denied.update(range(cue.start + 1, cue.end - bool(cue.skipped)))  # n'ai|pas de sang
        while at < self._count and self._breaks[at] != HARD:
            name = self.cue_at(at)
            if name in ("breaker", "negation", "nor", "none_of", "affirm", "double", "present"):
                return
            if name in _SUBJECT and at - 1 not in self._opinions:
                return
            if self._breaks[at] == SOFT and not self._list_goes_on(at):
                return
            end = self._concepts.get(at)
            if end is None:
                idle += 1
                if idle > _DENIAL_REACH:
                    return
                self._denied.add(at)
                at += 1
                continue
            self._denied.update(range(at, end))
            at, idle = end, 0
            if at < self._count and self._breaks[at] == HARD:
                return
            if self.cue_at(at) == "or":
                at += 1
            elif self.cue_at(at) == "and" and self._concepts.get(at + 1) == at + 2:
                self._doubtful.add(at + 1)
                return
            elif (
                self._concepts.get(at) == at + 1
                and self.cue_at(at + 1) == "or"
                and self._breaks[at + 1] != HARD
            ):
                continue
            elif at >= self._count or self._breaks[at] != SOFT:
                return

    def _list_goes_on(self, at: int) -> bool:
        """After a comma: more things follow, and an "or" before the sentence ends."""
        for i in range(at, min(at + 8, self._count)):
            name = self.cue_at(i)
            if self._breaks[i] == HARD or name in _LIST_ENDS:
                return False
            if name in ("or", "nor"):
                return at in self._concepts or at == i
        return False

    def _guess(self, cue: Match, *, subjects: int) -> set[int]:
        """What if, in case: reaches what is supposed, not what is then told of now.

        So many `subjects` may be named in it; the next one begins to tell of itself.
        """
        ends = _SUBJECT if subjects else _TOLD
        own = [i for i in cue.skipped if self.cue_at(i) in ends]
        covered = set() if own or subjects else set(range(cue.start + 1, cue.end))
        at, idle = cue.end, 0
        while at < self._count and self._breaks[at] != HARD and idle <= _GUESS_REACH:
            name = self.cue_at(at)
            if name in ("breaker", "present", "action"):
                return covered
            if name in ends:
                subjects -= 1
                if subjects < 0:
                    return covered
            end = self._concepts.get(at)
            if end is None:
                idle += 1
                at += 1
                continue
            covered.update(range(at, end))
            at, idle = end, 0
            if self.cue_at(at) in ("or", "and"):
                at += 1
            elif at >= self._count or (self._breaks[at] != SOFT and at not in self._concepts):
                return covered
        return covered

    def _others(self, cue: Match, *, patient: bool = True) -> set[int]:
        """Another's story, up to where she speaks of herself; none if that other is the patient.

        A man, a child or a book is never the `patient`.
        """
        covered = set(range(cue.start, cue.end))
        for at in range(cue.end, self._count):
            name = self.cue_at(at)
            if self._breaks[at] == HARD or name == "breaker":
                break
            if name == "patient" and patient:
                return set()
            if name in _HERS or (name == "mine" and self._breaks[at]):
                break
            covered.add(at)
        return covered

    def _before(self, cue: Match, over: int = 0) -> set[int]:
        """What is said in general before "... is what?", back to where she tells of herself."""
        covered = {cue.start}
        for at in range(cue.start - 1, -1, -1):
            if self._breaks[at + 1] > over or self.cue_at(at) in _OWN:
                break
            covered.add(at)
        return covered

    def _around(self, cue: Match) -> set[int]:
        """The clause a time belongs to: back to its beginning, on until something of now."""
        covered = set(range(cue.start, cue.end))
        for at in range(cue.start - 1, -1, -1):
            if self._breaks[at + 1] or self.cue_at(at) in ("breaker", "present"):
                break
            covered.add(at)
        for at in range(cue.end, self._count):
            if self._breaks[at] == HARD or self.cue_at(at) in ("breaker", "present"):
                break
            if self._breaks[at] == SOFT and self._now_within(at):
                break
            covered.add(at)
        return covered

    def _now_within(self, at: int) -> bool:
        for i in range(at, self._count):
            if i > at and self._breaks[i]:
                return False
            if self.cue_at(i) in ("present", "subject", "self"):
                return True
        return False

    def _sentence(self, at: int) -> range:
        start = end = at
        while start > 0 and self._breaks[start] != HARD:
            start -= 1
        while end < self._count and (end == at or self._breaks[end] != HARD):
            end += 1
        return range(start, end)

    def _denied_after(self, match: Match) -> bool:
        """Nahi within three words after it; "clots: no", "dizzy? nope", "fever no, pain no"."""
        for at in range(match.end, min(match.end + 3, self._count)):
            name = self.cue_at(at)
            asked = match.end - 1 in self._asked
            if at == match.end and name in _DENIES and (asked or not self._breaks[at]):
                end = self._cues[at].end
                if end >= self._count or (self._breaks[end] and end - 1 not in self._asked):
                    return True
                if asked:
                    return self.cue_at(end) == "negation"
            if self._breaks[at]:
                return False
            if name == "negation_after":
                return True
            if at in self._concepts or name in ("breaker", "and", "or"):
                return False
        return False

    def _resolved(self, match: Match) -> bool:
        if match.output.name in LASTING:
            return False
        for at in range(match.end, min(match.end + _RESOLVED_REACH, self._count)):
            if self._breaks[at] == HARD:
                return False
            if self.cue_at(at) == "resolved" and at not in self._denied:
                return True
        return False

"""Whom and when a phrase is about: denied, supposed, long past, another's, a film's, certain."""

from __future__ import annotations

from collections.abc import Iterable

from hotline.flow.danger import clauses, people
from hotline.flow.danger.automaton import Match
from hotline.flow.danger.cues import CHANGING, NEVER_GENERAL, Standing, longest, sort_out
from hotline.flow.tokens import HARD, SOFT, Tokens

LASTING = frozenset(("collapse", "seizure", "trauma", "assault", "fluid_leak", "tissue"))
"""Dangers that having stopped does not undo."""

_SUBJECT = frozenset(("subject", "self"))
_TOLD = _SUBJECT | {"mine", "own"}
_CLAUSE = frozenset(("breaker", "present", "subject", "self", "negation", "and"))
_LIST_ENDS = frozenset(("breaker", "negation", "subject", "self", "present"))
_DENIES = frozenset(("negation", "negation_after", "nor"))
_STATED = Standing.STATED
_DENIAL_REACH = 4
_GUESS_REACH = 8
_ACTION_REACH = 4


class Scopes:
    """The scopes of one text; `standing` weighs a match against them."""

    def __init__(self, tokens: Tokens, matches: Iterable[Match], language: str = "") -> None:
        """Lay out the cues and what each covers. `matches` are all of the text's matches."""
        self._breaks = tokens.breaks
        self._count = len(tokens.words)
        self._asked = tokens.asked
        found = sort_out(matches, tokens.breaks)
        self._opinions = found.opinions
        self._cues = longest(found.cues, found.swallowed)
        self._names = {at: cue.output.name for at, cue in self._cues.items()}
        self._concepts: dict[int, int] = {}
        for match in found.named:
            end = self._whole(match)
            if end > self._concepts.get(match.start, 0):
                self._concepts[match.start] = end
        self._denied: set[int] = set()
        self._elsewhere: set[int] = set()
        self._past: set[int] = set()
        self._doubtful: set[int] = set()
        self._supposed, self._waived = set[int](), set[int]()
        self._reached = 0
        self._denials: set[int] = set()
        self._told_of: dict[int, str] = {}
        self._wounds, self._slight = set[int](), set[int]()
        self._text = people.Text(tokens.words, tokens.breaks, self._names, language)
        names = set(self._names.values())
        self._after = not names.isdisjoint(_DENIES | {"unlisted"})
        self._ended = "resolved" in names
        self._opened = {i for at in found.opens for i in people.opened(self._text, at)}
        if tokens.asked:
            self._opened |= clauses.asked_in_passing(tokens.breaks, tokens.asked)
        self.plain = names.isdisjoint(CHANGING) and not self._opened
        if not self.plain:
            self._lay()

    def _whole(self, match: Match) -> int:
        """Where a thing named ends; a comma or a new clause in one of its gaps ends it before."""
        for at in match.skipped:
            if self.cue_at(at) in _CLAUSE:
                return match.skipped[0]
        within = range(match.start + 1, match.end)
        return next((at for at in within if self._breaks[at]), match.end)

    def standing(self, match: Match) -> Standing:
        """How much this match counts after all that is said around it."""
        start = match.start
        if any(at in self._denials and not self._of_other(at, match) for at in match.skipped):
            return Standing.DENIED
        if start in self._denied or (self._after and self._denied_after(match)):
            return Standing.DENIED
        supposed = start in self._supposed and match.output.kind == "net"
        if start in self._waived and match.output.name not in NEVER_GENERAL:
            return Standing.ELSEWHERE
        if supposed or start in self._elsewhere or self._anothers(match):
            return Standing.ELSEWHERE
        if start in self._past:
            return Standing.PAST
        if start in self._doubtful or (self._ended and self._resolved(match)):
            return Standing.DOUBTFUL
        return Standing.DOUBTFUL if self._weak(match) else _STATED

    def _weak(self, match: Match) -> bool:
        """Whether it is a small amount, or stands in a general question."""
        name, start = match.output.name, match.start
        if start in self._slight and name == "heavy_bleeding":
            return not any(self.cue_at(at) == "breaker" for at in match.skipped)
        heard = match.output.kind in ("danger", "possible")
        return heard and start in self._opened and name not in NEVER_GENERAL

    def _anothers(self, match: Match) -> bool:
        start, name = match.start, match.output.name
        if start in self._wounds and name == "heavy_bleeding":
            return True
        kind = self._told_of.get(start)
        return kind is not None and not people.hers(self._text, match, kind)

    def cue_at(self, index: int) -> str | None:
        """The name of the cue that begins at a word."""
        return self._names.get(index)

    def past_at(self, index: int) -> bool:
        """Whether a word belongs to a time long ago or to an earlier pregnancy."""
        return index in self._past

    def denied_at(self, index: int) -> bool:
        """Whether a word is denied by what stands before it."""
        return index in self._denied

    def _lay(self) -> None:
        for at, cue in self._cues.items():
            match cue.output.name:
                case "negation" | "nor":
                    self._denials.add(at)
                    self._deny(cue)
                case "none_of":
                    self._denied.update(people.before(self._text, cue, over=SOFT) - {at})
                case "negation_after":
                    self._denials.add(at)
                case "hypothetical":
                    self_told = any(self.cue_at(i) == "self" for i in range(cue.end, cue.end + 2))
                    near, far = self._guess(cue, subjects=1)
                    (self._doubtful if self_told else self._elsewhere).update(near - {*cue.skipped})
                    if not self_told:
                        self._supposed.update(range(cue.end, self._reached))
                    self._doubtful.update(far, cue.skipped)  # within it: supposed, or told by it
                    self._waived.update(people.within_question(self._text, cue))
                case "asking":
                    self._ask(cue)
                case "wondering":
                    self._doubtful.update(*self._guess(cue, subjects=0))
                case name:
                    self._tell(name, at, cue)
        if "disclaims" in self._names.values():  # "just curious": what is in doubt is nothing
            self._supposed.update(range(self._count))
            self._waived |= self._doubtful | self._opened

    def _tell(self, name: str, at: int, cue: Match) -> None:
        """Lay out whose story a cue begins, and of when."""
        text = self._text
        match name:
            case "other" | "elder" | "bystander" | "man" | "media":
                self._lay_another(cue)
            case "general":
                self._elsewhere.update(people.before(text, cue))
            case "wound":
                self._wounds.update(people.sentence(text, at))
            case "slight":
                self._slight.update(people.clause(text, at, cue.end))
            case "unlisted":
                self._denied.update(people.denied_list(text, cue))
            case "past":
                self._past.update(people.around(text, cue))
                whole = people.sentence(text, at)
                if not any(self.cue_at(i) in ("present", "patient", "carrying") for i in whole):
                    self._opened.update(whole)  # in doubt, but no answer is lost
            case "lately":
                self._doubtful.update(people.around(text, cue))
            case "fiction":
                self._elsewhere.update(people.sentence(text, at))
            case "joke":
                whole = people.sentence(text, at)
                self._doubtful.update(whole)
                self._supposed.update(() if people.told_by_her(text, whole) else whole)

    def _lay_another(self, cue: Match) -> None:
        covers = people.shown if cue.output.name == "media" else people.of_another
        sure, perhaps = covers(self._text, cue)
        self._told_of.update(dict.fromkeys(sure, cue.output.name))
        self._doubtful.update(perhaps)

    def _ask(self, cue: Match) -> None:
        """A general question: the first thing named in it is not told, the others perhaps."""
        near, far = self._guess(cue, subjects=0)
        first = next((i for i in sorted(near) if i >= cue.end), self._count)
        if self._text.words[first - 1] not in people.POINTING:
            end = self._concepts.get(first, first)
            self._elsewhere.update(i for i in near if i < end)
        self._doubtful.update(near, far)

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

    def _guess(self, cue: Match, *, subjects: int) -> tuple[set[int], set[int]]:
        """What if, in case: what is surely supposed, and what is perhaps told of now.

        So many `subjects` may be named in it; the next one begins to tell of itself. What follows
        the first thing named in the same clause is only perhaps supposed.
        """
        ends = _SUBJECT if subjects else _TOLD
        own = any(self.cue_at(i) in ends for i in cue.skipped)
        near, far = set() if own else set(range(cue.start + 1, cue.end)), set[int]()
        cover, at, idle = near, cue.end, 0
        while at < self._count and self._breaks[at] != HARD and idle <= _GUESS_REACH:
            name, soft = self.cue_at(at), self._breaks[at] == SOFT
            timed = self._text.words[at] in people.TIMING and subjects >= 0
            if name == "present" or (name == "action" and at < cue.end + _ACTION_REACH):
                break
            if (name == "breaker" and not timed) or (soft and (cover is far or idle)):
                break
            if name in ends:
                subjects -= 1
                if subjects < 0:
                    break
            end = self._concepts.get(at)
            if end is None:
                idle += 1
                at += 1
                continue
            cover.update(range(at, end))
            at, idle = end, 0
            if self.cue_at(at) in ("or", "and"):
                at += 1
            elif at < self._count and not self._breaks[at] and at not in self._concepts:
                cover = far
        self._reached = at
        return near, far

    def _of_other(self, at: int, match: Match) -> bool:
        """Whether a denial within a match denies a thing beside it: "chhati me jalan nahi dard"."""
        between = at - 1 in match.skipped and match.output.kind == "danger"
        return between and self.cue_at(at) == "negation_after" and self._concepts.get(at - 1) == at

    def _denied_after(self, match: Match) -> bool:
        """Nahi within three words after it; "clots: no", "dizzy? nope", "fever no, pain no"."""
        for at in range(match.end, min(match.end + 3, self._count)):
            name = self.cue_at(at)
            asked = match.end - 1 in self._asked
            denies = name in _DENIES or (asked and name == "unlisted")
            if at == match.end and denies and (asked or not self._breaks[at]):
                end = self._cues[at].end
                if end >= self._count or (self._breaks[end] and end - 1 not in self._asked):
                    return True
                if asked:
                    return name == "negation_after" or self.cue_at(end) in ("negation", "unlisted")
            if self._breaks[at]:
                return False
            if name == "negation_after":
                return True
            ended = clauses.ends_a_verb(self._text.words, self._names, at)
            if ended or at in self._concepts or name in ("breaker", "and", "or"):
                return False
        return False

    def _resolved(self, match: Match) -> bool:
        if match.output.name in LASTING:
            return False
        return clauses.stopped_after(self._breaks, self._names, self._denied, match.end)

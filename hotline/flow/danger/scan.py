"""What is heard in one text: every match of every pattern, weighed by its scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hotline.flow.danger import clauses, subject
from hotline.flow.danger.automaton import Match, search
from hotline.flow.danger.commas import parted
from hotline.flow.danger.cues import NEVER_GENERAL, Standing
from hotline.flow.danger.rates import heavy_rate
from hotline.flow.danger.scopes import Scopes
from hotline.flow.lexicon import Lexicons
from hotline.flow.tokens import HARD, SOFT, Tokens, tokenise

MILD = "mild"
"""What an idiom says that takes no answer away: "a little pain" is mild pain and no danger."""

_BACKGROUND = frozenset(("cue", "concept", "never"))
_NO_NOUN = frozenset(("cue", "reply", "command", "topic", "answers", "asks"))
_STATED = Standing.STATED
_DANGERS = ("danger", "possible", "net")
_HELD_BACK = frozenset(("cue", "reply", "never", "says", "answers", "possible", "danger"))
"""What another language hears in words that are all hers ("bebe la"), so that it says nothing."""
_WITHIN_IDIOMS = frozenset((*_DANGERS, "says"))
_OUTRIGHT = {
    "heavy_bleeding": ("amount", frozenset(("none", "spots", "light"))),
    "severe_pain": ("pain", frozenset(("none", "mild"))),
}
"""What she tells outright of the same thing outweighs a net: "a bit of blood, is it bad"."""
_CLAUSES = frozenset(("breaker", "subject", "self", "mine"))
"""The cues that begin a new clause."""
_APART = "en"
"""Only in English these words stand at no other place: French "ma", "que" are everywhere."""

Weighed = tuple[Match, Standing]


class Heard(NamedTuple):
    """A text searched: its words, what they count as, and the matches by kind and standing.

    `says` are the matches that tell something, by the question they tell it for. `dangers` are
    certain; `possible` need a question; `denied` were named and denied.
    """

    tokens: Tokens
    symbols: list[tuple[str, ...]]
    scopes: Scopes
    weighed: Mapping[str, list[Weighed]]
    says: Mapping[str, list[Weighed]]
    nouns: set[int]
    dangers: frozenset[str]
    possible: frozenset[str]
    denied: frozenset[str]

    def of_kind(self, kind: str) -> list[Weighed]:
        """The matches of one kind with their standing."""
        return self.weighed.get(kind) or []


def scan(lexicons: Lexicons, text: str, language: str, question: str = "") -> Heard:
    """Search a text for everything that any language knows; short answers only to `question`."""
    tokens = tokenise(text)
    symbols = lexicons.symbols(tokens, language)
    light = lexicons.light(language)
    matches = search(lexicons.root, symbols, _sentence_ends(tokens), question, light)
    matches = _without_foreign(matches, lexicons, symbols, language)
    several = any(tokens.breaks[1:])  # clauses
    if several:
        matches = [m for m in matches if not parted(m, tokens.breaks, symbols)]
    matches = _without_idioms(_without_next_denial(matches, tokens), tokens)
    if several:
        matches = clauses.without_later_denial(matches, tokens.breaks, _DANGERS)
    scopes = Scopes(tokens, matches, language)
    weighed, says, nouns = _weighed(matches, scopes)
    doubted = {
        match
        for match, _ in weighed.get("danger", ())
        if _of_another(lexicons, match, symbols, tokens.breaks)
    }
    general = subject.in_general(lexicons.languages.get(language), symbols, tokens)
    if general:
        dangers = (match for match, _ in weighed.get("danger", ()) if match.start in general)
        doubted.update(match for match in dangers if match.output.name not in NEVER_GENERAL)
    certain, possible, denied = _dangers(weighed, says, doubted)
    if "rate" in weighed:
        heavy = heavy_rate(lexicons, symbols, weighed["rate"])
        if heavy is Standing.STATED:
            certain.add("heavy_bleeding")
        elif heavy is Standing.DOUBTFUL:
            possible.add("heavy_bleeding")
    possible -= certain
    denied = denied - certain - possible
    return Heard(
        tokens,
        symbols,
        scopes,
        weighed,
        says,
        nouns,
        frozenset(certain),
        frozenset(possible),
        frozenset(denied),
    )


def _weighed(
    matches: list[Match], scopes: Scopes
) -> tuple[dict[str, list[Weighed]], dict[str, list[Weighed]], set[int]]:
    """The matches with their standing by kind, those that tell by question, and where nouns are."""
    weighed: dict[str, list[Weighed]] = {}
    says: dict[str, list[Weighed]] = {}
    nouns: set[int] = set()
    standing = None if scopes.plain else scopes.standing
    for match in matches:
        output = match.output
        kind = output.kind
        if kind not in _NO_NOUN:
            nouns.add(match.start)
        if kind in _BACKGROUND:
            continue
        pair = (match, standing(match) if standing else _STATED)
        if kind in weighed:
            weighed[kind].append(pair)
        else:
            weighed[kind] = [pair]
        if kind == "says":
            says.setdefault(output.name, []).append(pair)
    return weighed, says, nouns


def _of_another(
    lexicons: Lexicons, match: Match, symbols: list[tuple[str, ...]], breaks: list[int]
) -> bool:
    """Whether "fell", "is bleeding" follows a word that is none of hers: "the goat is bleeding"."""
    own = lexicons.languages.get(match.output.language)
    if own is None or subject.VERBS not in own.units:
        return False
    words = ["0" if len(symbol) > 1 else symbol[0] for symbol in symbols]  # no number is a subject
    return subject.of_another(own.units, own.function_words, words, breaks, match.start)


def _dangers(
    weighed: Mapping[str, list[Weighed]], says: Mapping[str, list[Weighed]], doubted: set[Match]
) -> tuple[set[str], set[str], set[str]]:
    certain: set[str] = set()
    possible: set[str] = set()
    denied: set[str] = set()
    found = [pair for kind in _DANGERS for pair in weighed.get(kind, ())]
    if not found:
        return certain, possible, denied
    refused = [m for m, standing in found if standing is Standing.DENIED and m.output.kind != "net"]
    for match, standing in found:
        name = match.output.name
        if match.output.kind == "net" and name in _OUTRIGHT and _told_slight(match, says):
            continue
        if standing is Standing.DENIED or (refused and _part_of(match, refused)):
            denied.add(name)
        elif standing is Standing.STATED and match not in doubted:
            (certain if match.output.kind == "danger" else possible).add(name)
        elif standing in (Standing.STATED, Standing.DOUBTFUL):
            possible.add(name)
    return certain, possible, denied


def _told_slight(net: Match, says: Mapping[str, list[Weighed]]) -> bool:
    """Whether she tells outright, within the net or after it, how little it is."""
    question, slight = _OUTRIGHT[net.output.name]
    return any(
        told.output.value in slight and standing is Standing.STATED and told.end > net.start
        for told, standing in says.get(question, ())
    )


def _part_of(match: Match, refused: list[Match]) -> bool:
    """Whether a "possible" is only a piece of a certain danger that was denied."""
    return match.output.kind != "danger" and any(
        other.output.name == match.output.name
        and other.start <= match.start
        and match.end <= other.end
        for other in refused
    )


def _sentence_ends(tokens: Tokens) -> list[int]:
    count = len(tokens.words)
    ends = [count] * count
    if HARD in tokens.breaks:
        end = count
        for i in range(count - 1, -1, -1):
            ends[i] = end
            if tokens.breaks[i] == HARD:
                end = i
    return ends


def _without_foreign(
    matches: list[Match], lexicons: Lexicons, symbols: list[tuple[str, ...]], language: str
) -> list[Match]:
    """Drop what words of hers would change in another language: "que" is no French "que".

    An idiom of another language ("my tension") is none where one of its words is hers ("ma").
    """
    hers = lexicons.languages.get(language)
    own = hers.own_words if hers else frozenset[str]()
    kept = []
    narrow: bool | None = None
    for match in matches:
        kind, foreign = match.output.kind, match.output.language != language
        if foreign and kind == "net":
            narrow = _in_her_own(lexicons, symbols, language) if narrow is None else narrow
            if narrow:
                continue
        if foreign and kind in _HELD_BACK:
            words = [symbols[at][0] in own for at in range(match.start, match.end)]
            if all(words) or (kind == "never" and any(words)):
                continue
        kept.append(match)
    return kept


def _in_her_own(lexicons: Lexicons, symbols: list[tuple[str, ...]], language: str) -> bool:
    """Whether the small words say that she writes in her own language: no other's net is wanted."""
    small = lexicons.function_words
    counts: dict[str, int] = {}
    for symbol in symbols:
        for name in small.get(symbol[0], ()):
            counts[name] = counts.get(name, 0) + 1
    hers = counts.pop(language, 0)
    return hers > max(counts.values(), default=0)


def _without_next_denial(matches: list[Match], tokens: Tokens) -> list[Match]:
    """Drop what would end in the denial after a comma: "bébé bouge, pas de douleur"."""
    breaks, count = tokens.breaks, len(tokens.words)
    denials = {
        match.start
        for match in matches
        if match.output.name == "negation"
        and breaks[match.start] == SOFT
        and match.start + 1 < count
        and breaks[match.start + 1] != HARD
    }
    if not denials:
        return matches
    return [m for m in matches if m.output.kind not in _DANGERS or m.end - 1 not in denials]


def _without_idioms(matches: list[Match], tokens: Tokens) -> list[Match]:
    """Drop what lies in an idiom ("faint line", "died laughing"), unless it is longer than that.

    An idiom reaches over no comma and into no new clause.
    """
    idioms = [
        match
        for match in matches
        if match.output.kind == "never" and not any(tokens.breaks[match.start + 1 : match.end])
    ]
    if any(idiom.skipped for idiom in idioms):
        begun = {
            one.start
            for one in matches
            if one.output.name in _CLAUSES and one.output.language == _APART
        }
        idioms = [idiom for idiom in idioms if begun.isdisjoint(idiom.skipped)]
    if not idioms:
        return matches
    strict = [idiom for idiom in idioms if idiom.output.value != MILD]
    masked, masked_strictly = _masked(idioms), _masked(strict)
    kept = []
    for match in matches:
        kind = match.output.kind
        if kind in _WITHIN_IDIOMS:
            own = set(range(match.start, match.end)) - set(match.skipped)
            touched = own & (masked_strictly if kind == "says" else masked)
            if touched and not _outweighs(match, touched, strict if kind == "says" else idioms):
                continue
        kept.append(match)
    return kept


def _outweighs(match: Match, touched: set[int], idioms: list[Match]) -> bool:
    """Whether a match is longer than every idiom in it, and holds one whole, its last word too."""
    within = [idiom for idiom in idioms if not touched.isdisjoint(range(idiom.start, idiom.end))]
    own = set(range(match.start, match.end)) - set(match.skipped)
    return all(match.words > idiom.words for idiom in within) and any(
        match.start <= idiom.start
        and idiom.end <= match.end
        and (idiom.skipped or idiom.end - 1 in own)
        for idiom in within
    )


def _masked(idioms: list[Match]) -> set[int]:
    whole = ((idiom.skipped, range(idiom.start, idiom.end)) for idiom in idioms)
    return {i for skipped, words in whole for i in words if i not in skipped}

"""What is heard in one text: every match of every pattern, weighed by its scopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.flow.danger.automaton import Match, search
from hotline.flow.danger.rates import pads_danger
from hotline.flow.danger.scopes import Scopes, Standing
from hotline.flow.lexicon import Lexicons
from hotline.flow.tokens import HARD, Tokens, tokenise


@dataclass(frozen=True, slots=True)
class Heard:
    """A text searched: its words, what they count as, every match with its standing."""

    tokens: Tokens
    symbols: list[tuple[str, ...]]
    matches: list[Match]
    scopes: Scopes
    dangers: frozenset[str]
    possible: frozenset[str]
    denied: frozenset[str]

    def standing(self, match: Match) -> Standing:
        """How much a match counts."""
        return self.scopes.standing(match)

    def of_kind(self, kind: str) -> list[Match]:
        """The matches of one kind, as they stand in the text."""
        return [match for match in self.matches if match.output.kind == kind]


def scan(lexicons: Lexicons, text: str, language: str) -> Heard:
    """Search a text for everything that any language knows."""
    tokens = tokenise(text)
    symbols = lexicons.symbols(tokens, language)
    matches = search(lexicons.root, symbols, _sentence_ends(tokens))
    matches = _without_idioms(matches)
    scopes = Scopes(tokens, matches)
    levels: Mapping[str, set[str]] = {"danger": set(), "possible": set(), "denied": set()}
    weighed = [
        (match, scopes.standing(match))
        for match in matches
        if match.output.kind in ("danger", "possible")
    ]
    refused = [match for match, standing in weighed if standing is Standing.DENIED]
    for match, standing in weighed:
        kind, name = match.output.kind, match.output.name
        if standing is Standing.DENIED or _part_of(match, refused):
            levels["denied"].add(name)
        elif standing is Standing.STATED:
            levels[kind].add(name)
        elif standing is Standing.DOUBTFUL:
            levels["possible"].add(name)
    rate = pads_danger(lexicons, symbols, matches, scopes)
    if rate:
        levels[rate].add("heavy_bleeding")
    certain = frozenset(levels["danger"])
    possible = frozenset(levels["possible"] - certain)
    denied = frozenset(levels["denied"] - certain - possible)
    return Heard(tokens, symbols, matches, scopes, certain, possible, denied)


def _part_of(match: Match, refused: list[Match]) -> bool:
    """Whether a "possible" is only a piece of a certain danger that was denied."""
    return match.output.kind == "possible" and any(
        other.output.name == match.output.name
        and other.start <= match.start
        and match.end <= other.end
        for other in refused
    )


def _sentence_ends(tokens: Tokens) -> list[int]:
    count = len(tokens.words)
    ends = [count] * count
    end = count
    for i in range(count - 1, -1, -1):
        ends[i] = end
        if tokens.breaks[i] == HARD:
            end = i
    return ends


def _without_idioms(matches: list[Match]) -> list[Match]:
    """Drop what lies in an idiom ("faint line", "died laughing"), unless it is longer than that."""
    idioms = [match for match in matches if match.output.kind == "never"]
    if not idioms:
        return matches
    masked = {i for idiom in idioms for i in range(idiom.start, idiom.end)}
    kept = []
    for match in matches:
        if match.output.kind in ("danger", "possible", "says"):
            own = set(range(match.start, match.end)) - set(match.skipped)
            touched = own & masked
            if touched and not any(
                idiom.start >= match.start and idiom.end <= match.end and match.words > idiom.words
                for idiom in idioms
                if not touched.isdisjoint(range(idiom.start, idiom.end))
            ):
                continue
        kept.append(match)
    return kept

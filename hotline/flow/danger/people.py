"""Whose story a clause tells: another's, an animal's, a film's, a cut finger's; or hers after all.

Each function is given the text as a `Text` and one cue in it, and answers with the words covered.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from hotline.flow.danger.automaton import ONLY_OPEN, Match
from hotline.flow.tokens import HARD, SOFT

ENDS = MappingProxyType(
    {"other": frozenset(("patient", "carrying")), "elder": frozenset(("carrying",))}
)
"""What makes the other one the patient, so that the text is about her."""
HERS = frozenset(("me", "myself", "us"))
_HERS_SPOKEN = frozenset(("mi", "ma"))
"""The same in Jamaica and Scotland."""
THEIRS = frozenset("he hes his him she shes her they theyre their it its elle ella".split())  # noqa: SIM905
FIRST = frozenset(("i", "im", "ive", "id", "my", "me", "myself"))
WATCHES = frozenset(
    (  # noqa: SIM905 - a list of words
        "saw see seen seeing watch watched watching read reading heard dreamt "
        "viendo mirando leyendo vi vimos lei oi"
    ).split()
)
DONE_TO_HER = frozenset(("trauma", "assault", "harm", "before"))
"""What another does to her: "my sister pushed me" is no story of the sister's."""
NOT_THEIRS = MappingProxyType(
    {
        "man": frozenset(("assault", "harm", "suicidal")),
        "bystander": frozenset(("reduced_movements",)),
    }
)
"""What is about her though told with "my husband" (he hurts her) or "my boy" (not born yet)."""
POINTING = frozenset(("the", "these", "such", "so"))
"""What these point at is there: "can I take something for the bleeding"."""
TIMING = frozenset(("when", "while", "before", "after"))
"""What a supposed thing may be tied to: "afraid of bleeding when I am alone"."""
_LOOSE = frozenset(("just", "only", "so", "then", "because", "cos", "coz", "cause", "plus"))
"""Words that end a denial and not another's story."""
_SUBJECTS = frozenset(("subject", "self"))
_OWN = _SUBJECTS | {"mine", "own", "breaker", "present", "patient"}
_BESIDE = frozenset("to beside behind near with like than before around past of".split())  # noqa: SIM905
_BACK = 3
_TELLS = FIRST | {"she", "shes", "we", "weve", "help", "please", "pls", "but"}
_TELLS |= frozenset("je j jai g suis chu chui mon ma mes m elle svp stp".split())  # noqa: SIM905
_TELLS |= frozenset("mera meri mere mujhe mujhko मेरा मेरी मेरे मुझे मुझको".split())  # noqa: SIM905
_CLAUSE = 7
_STATES = frozenset(("hardly", "barely", "feel", "see", "only", "not", "hear", "bearly"))
"""After "can" these tell and ask nothing: "can feel the head"."""
_ASKS = frozenset("what whats how hows does do did can could would will is are which".split())  # noqa: SIM905
"""Begin a question about a thing in general."""
_DATES = frozenset(("when", "wen", "while", "whilst"))
"""Begin a clause that dates what stands before it: "i fell when i was pregnant six years ago"."""
_TURNS = frozenset(("but", "now", "though"))
"""Ends of what was so at first: "in the morning it was mild but now"."""
_LIKENED = frozenset(("like", "as", "than", "same", "and", "but", "now", "exactly"))
_NEW = _SUBJECTS | {"breaker", "and", "present"}
_ME_IS_IN = "hi"
"""In Hindi "me" is "in", and says nothing of her."""
_TODAY = frozenset(("aaj", "abhi", "आज", "अभी"))
"""Hindi: another's trouble of today is told for her: "meri behen ko aaj bahut khoon aaya"."""
_VERB_NEAR = "en"
"""In English the verb follows who does it, and a new clause says who; others leave that out."""


class Text(NamedTuple):
    """A text's words, what stands before each, the cue that begins at each, and its language."""

    words: list[str]
    breaks: list[int]
    cues: Mapping[int, str]
    language: str = ""


def hers(text: Text, match: Match, kind: str) -> bool:
    """Whether a phrase within another's story is about her: done to her, or a short answer."""
    short = match.output.kind == ONLY_OPEN and kind == "elder"  # "someone at home did"
    if short or match.output.name in NOT_THEIRS.get(kind, ()) or match.output.value == "sex":
        return True
    if match.output.language == _ME_IS_IN:
        return False
    near = 0
    wanted = HERS
    if match.output.name in DONE_TO_HER:
        near, wanted = 2, HERS | {"my"}
        wanted |= _HERS_SPOKEN if match.output.language == _VERB_NEAR else set()
    if text.language == _ME_IS_IN:
        wanted -= {"me"}  # "devar ki bike accident me toot gayi"
    return any(word in wanted for word in text.words[match.start : match.end + near])


def of_another(text: Text, cue: Match) -> tuple[set[int], set[int]]:
    """The clause of another person or an animal: what is surely theirs, what perhaps.

    After a comma a new clause may be her own, unless it goes on with he or they.
    """
    words, breaks, cues = text[:3]
    sure, perhaps = set(range(cue.start, cue.end)), set[int]()
    cover, kind = sure, cue.output.name
    patient = ENDS.get(kind, frozenset())
    near = cue.output.language == _VERB_NEAR
    reach = cue.end + _BACK if near else len(words)
    for at in range(cue.end, len(words)):
        name, word = cues.get(at), words[at]
        if breaks[at] == HARD or name == "aside":
            break
        if name in patient and (name == "carrying" or at < reach):
            return set(), set()
        if word in _TODAY and kind == "other":
            return set(), set()
        goes_on = word in THEIRS or (at + 1 < len(words) and words[at + 1] in THEIRS)
        if name == "breaker" and not goes_on and (kind == "other" or word not in _LOOSE):
            break
        begins = name == "own" or (name == "mine" and breaks[at])
        if begins or (name in _SUBJECTS and word not in THEIRS):
            break
        if breaks[at] == SOFT and not goes_on and near:
            cover = perhaps
        if kind == "other" and at == cue.end and word == "she":
            return set(), set()
        if near and word in FIRST and words[at - 1] not in _BESIDE:
            break
        cover.add(at)
    return sure, perhaps


def shown(text: Text, cue: Match) -> tuple[set[int], set[int]]:
    """What a film, a video or the news shows: on to the end of the clause, back to its beginning.

    Nothing of what she tells of herself ("i bled during the film"), unless she only watched.
    """
    words, breaks, cues = text[:3]
    sure, perhaps = of_another(text, cue)
    for at in range(cue.start - 1, -1, -1):
        if breaks[at + 1] == HARD:
            break
        if words[at] in FIRST or cues.get(at) == "own":
            if words[at + 1] not in WATCHES:
                return sure - set(range(at, cue.start)), perhaps
            break
        sure.add(at)
    after = False
    for at in range(max(sure) + 1, len(words)):
        after = after or breaks[at] == SOFT
        if breaks[at] == HARD or words[at] in FIRST or cues.get(at) == "own":
            break
        if after:
            perhaps.add(at)
    return sure, perhaps


def around(text: Text, cue: Match) -> set[int]:
    """The clause a time belongs to: back to its beginning, on until something of now.

    A time that stands alone behind a comma ("..., ten years ago") belongs to the clause before it.
    """
    breaks, cues = text.breaks, text.cues
    covered = set(range(cue.start, cue.end))
    last = cue.end == len(breaks) or breaks[cue.end] or cues.get(cue.end) in ("and", "breaker")
    alone = breaks[cue.start] == SOFT and last
    for at in range(cue.start - 1, -1, -1):
        apart = breaks[at + 1] and not (alone and at + 1 == cue.start)
        dated = text.words[at] in _DATES and at > 0 and text.words[at - 1] not in _LIKENED
        if apart or cues.get(at) == "present" or (cues.get(at) == "breaker" and not dated):
            break
        covered.add(at)
    ahead = cue.end if text.words[cue.end - 1] not in _TURNS else len(breaks)
    for at in range(ahead, len(breaks)):
        if breaks[at] == HARD or cues.get(at) in ("breaker", "present"):
            break
        if breaks[at] == SOFT and _now_within(text, at):
            break
        covered.add(at)
    return covered


def _now_within(text: Text, at: int) -> bool:
    for i in range(at, len(text.breaks)):
        if i > at and text.breaks[i]:
            return False
        if text.cues.get(i) in ("present", "subject", "self"):
            return True
    return False


def before(text: Text, cue: Match, over: int = 0) -> set[int]:
    """What is said in general before "... is what?", back to where she tells of herself."""
    covered = {cue.start}
    for at in range(cue.start - 1, -1, -1):
        if text.breaks[at + 1] > over or text.cues.get(at) in _OWN:
            break
        covered.add(at)
    return covered


def opened(text: Text, at: int) -> range:
    """The general question that a sentence opens with: on to where she tells of herself or hers."""
    if not _STATES.isdisjoint(text.words[at + 1 : at + 2]):
        return range(0)
    whole = sentence(text, at)
    over = (i for i in whole if i > at and (text.words[i] in _TELLS or text.cues.get(i) == "self"))
    return range(at, next(over, whole.stop))


def within_question(text: Text, cue: Match) -> tuple[int, ...]:
    """The words that a general question holds: "does <shoulder pain> mean ...", told of nobody."""
    whole = sentence(text, cue.start)
    asks = cue.start == whole.start and text.words[cue.start] in _ASKS
    return () if not asks or any(text.words[at] in _TELLS for at in whole) else cue.skipped


def clause(text: Text, at: int, end: int) -> range:
    """From a word on to where the clause around `end` is over."""
    last = min(end + _CLAUSE, len(text.words))
    over = (i for i in range(end, last) if text.breaks[i] or text.cues.get(i) in _NEW)
    return range(at, next(over, last))


def sentence(text: Text, at: int) -> range:
    """The words of the sentence that a word stands in."""
    start = end = at
    while start > 0 and text.breaks[start] != HARD:
        start -= 1
    while end < len(text.words) and (end == at or text.breaks[end] != HARD):
        end += 1
    return range(start, end)


def told_by_her(text: Text, whole: range) -> bool:
    """Whether these words speak of herself."""
    return any(text.words[at] in FIRST for at in whole)


def denied_list(text: Text, cue: Match) -> range:
    """The list that "..., none of that" denies after it: back to where she tells of herself."""
    words, breaks, cues = text[:3]
    whole = sentence(text, cue.start)
    ends = cue.end >= whole.stop or breaks[cue.end] or whole.stop - cue.end <= _BACK
    if not breaks[cue.start] or not ends:
        return range(0)
    for at in range(cue.start - 1, whole.start - 1, -1):
        if cues.get(at) == "self" or words[at] in ("my", "i"):
            return range(0)
    return range(whole.start, cue.start)

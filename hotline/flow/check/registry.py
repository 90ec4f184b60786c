"""Every check by its id: what the files alone show, and what the proof shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hotline.flow.check import structure, wording
from hotline.flow.check.finding import Finding
from hotline.flow.check.material import Material

IN_FILES: Mapping[str, Callable[[Material], Iterator[Finding]]] = {
    "unknown-source": structure.unknown_source,
    "missing-text": structure.missing_text,
    "incomplete-language": structure.incomplete_language,
    "review-overdue": structure.review_overdue,
    "waits-for-itself": structure.waits_for_itself,
    "silent-level": structure.silent_level,
    "keyword-clash": wording.keyword_clash,
    "too-long": wording.too_long,
    "not-gsm": wording.not_gsm,
    "action-late": wording.action_late,
    "hard-to-read": wording.hard_to_read,
    "diagnosis-or-blame": wording.diagnosis_or_blame,
}
"""Checks that read the files; each yields its findings."""

PROVED: Mapping[str, str] = {
    "endless": "every conversation ends",
    "no-level": "every conversation ends in a level, or in a way on that is not a level",
    "late-emergency": "nobody is asked on when every answer ends in emergency",
    "not-at-once": "an answer that a rule puts at emergency gives it in the same turn",
    "danger-waits": "a grave danger gives emergency in the same turn, at any moment",
    "danger-unasked": "a danger that may have been meant is asked about next",
    "danger-detour": "after it was denied, the question before is open again",
    "danger-dropped": "a danger that was not denied counts: yes, not sure, silence",
    "danger-lowers": "hearing a danger never ends lower than not hearing it",
    "not-sure-lowers": "not sure, silence and rather not say never end lower, but as listed",
    "level-falls": "a level that was told never falls",
    "red-flag-skipped": "no level below emergency is told before every red flag is answered",
    "known-asked": "no question is asked whose answer is known",
    "silence": "silence counts as what the question says",
    "nonsense": "repeated nonsense counts as silence",
    "week-boundary": "each week is treated as its side of every boundary says",
    "oracle": "the engine tells what the rules, read plainly, give",
    "claim": "every line of `prove:` holds",
    "unreachable-question": "every question is asked of somebody",
    "dead-rule": "every rule fires for somebody",
    "idle-rule": "(information) rules that never raise the level by themselves",
    "above-not-sure": "(information) the listed answers that outrank not sure",
}
"""What the proof shows, as sentences; a finding of that id breaks one."""


def inspect(material: Material) -> list[Finding]:
    """Every finding of the checks that read the files, in the order of the registry."""
    return [finding for check in IN_FILES.values() for finding in check(material)]

"""What staff may do: rights, and the roles that bundle them."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """One thing an account may do."""

    SEE = "see"
    SHOW_TRANSCRIPT = "show_transcript"
    SHOW_NUMBER = "show_number"
    ACT = "act"
    EXPORT = "export"
    EXPORT_NAMED = "export_named"
    EDIT_ROTA = "edit_rota"
    AUDIT = "audit"


class Role(StrEnum):
    """What an account is for; `RIGHTS` says what comes with it."""

    VIEWER = "viewer"
    NURSE = "nurse"
    LEAD = "lead"
    ADMIN = "admin"


_NURSE = frozenset({Right.SEE, Right.SHOW_TRANSCRIPT, Right.SHOW_NUMBER, Right.ACT})

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.NURSE: _NURSE,
    Role.LEAD: _NURSE | {Right.EXPORT, Right.EDIT_ROTA, Right.AUDIT},
    Role.ADMIN: frozenset({Right.SEE, Right.EDIT_ROTA, Right.AUDIT}),
}
"""An admin keeps the house and reads no patient; give an account further rights where it needs."""

"""What staff are told, by text and on the phone: never her number, her words or her answers."""

from hotline.escalation.holding import Taking
from hotline.escalation.records import Escalation, Reason
from hotline.flow.levels import Level

_REASONS = {
    Reason.LEVEL: "triage ended at this level",
    Reason.DANGER: "danger in her words",
    Reason.PERSON: "she asks for a person",
    Reason.NOT_DELIVERED: "our advice did not arrive. Phone her",
    Reason.OPTED_OUT: "no text can reach her. Phone her",
    Reason.SILENCE: "she fell silent",
    Reason.SAFEGUARDING: "she may be under 18",
    Reason.HARM: "somebody may be hurting her",
    Reason.SUICIDAL: "she may hurt herself",
    Reason.WORSE: "she got worse",
    Reason.CALLBACK_FAILED: "call-back not answered",
    Reason.FAULT: "the hotline had a fault with her",
    Reason.OTHER: "see the console",
}
_LEVELS = {
    Level.EMERGENCY: "EMERGENCY",
    Level.URGENT: "URGENT",
    Level.SOON: "SOON",
    Level.ROUTINE: "ROUTINE",
    Level.SELF_CARE: "QUESTION",
}


def page_text(escalation: Escalation, console: str) -> str:
    """The page as a text; `console` is the console's address."""
    level, reason = _LEVELS[escalation.level], _REASONS[escalation.reason]
    return (
        f"Hotline {level}: {reason}. Answer TAKE {escalation.code} to take it, "
        f"CALL {escalation.code} to be put through to her. {console}"
    )


def page_speech(escalation: Escalation) -> str:
    """The page as it is spoken on the phone, before the keys are named."""
    level, reason = _LEVELS[escalation.level].lower(), _REASONS[escalation.reason]
    digits = " ".join(escalation.code)
    return f"This is the bleeding hotline. {level}: {reason}. The code is {digits}."


def due_text(code: str) -> str:
    """What who tried to call her is told when the next try is due."""
    return f"Hotline {code}: the call-back is due again. Text CALL {code} to be put through."


def taken_text(code: str, taker: str) -> str:
    """What the others are told once somebody has it."""
    return f"Hotline {code}: {taker} has taken it. Nothing more to do for you."


def more_text(code: str, reason: Reason) -> str:
    """What who has it is told when something more came up."""
    return f"Hotline {code}, which is yours: {_REASONS[reason]}."


def taking_reply(taking: Taking, code: str, holder: str | None) -> str:
    """The answer to TAKE 1234."""
    match taking:
        case Taking.TAKEN:
            return f"{code} is yours. Text CALL {code} to be put through to her."
        case Taking.YOURS_ALREADY:
            return f"{code} is already yours. Text CALL {code} to be put through to her."
        case Taking.TAKEN_BEFORE:
            return f"{holder or 'Somebody'} took {code} before you. Thank you."
        case Taking.CLOSED:
            return f"{code} is closed already. Thank you."


UNKNOWN_CODE = "No open escalation has the code {code}. Please check the digits."

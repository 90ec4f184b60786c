"""Golden transcripts: a conversation a nurse can read, written and checked line by line.

# number +447700900123          who texts (a header line each; also: country, language)
> hi im 12 weeks                what she sends
< Hello. ...                    what she gets; a reply's further lines follow with "|"
| 1 Yes
! page level emergency          who is told
= soon                          the level told so far
"""

from __future__ import annotations

from pathlib import Path

from hotline.session.incoming import Incoming
from hotline.session.records import TaskKind
from hotline.session.turn import Turns

OURS = "+441632960100"


def words_of(text: str) -> list[str]:
    """What she sends, in order."""
    return [line[2:] for line in text.splitlines() if line.startswith("> ")]


def header_of(text: str) -> dict[str, str]:
    """The header lines as name: value."""
    lines = [line[2:] for line in text.splitlines() if line.startswith("# ")]
    return dict(line.split(" ", 1) for line in lines if " " in line)


def play(turns: Turns, text: str) -> str:
    """Have the conversation of a transcript anew; returns the whole transcript as it went."""
    header = header_of(text)
    lines = [line for line in text.splitlines() if line.startswith("# ")]
    level = None
    for count, words in enumerate(words_of(text), 1):
        incoming = Incoming(header["number"], OURS, words, f"SM{count:032d}")
        taken = turns.take(incoming)
        lines.append(f"> {words}")
        for message in taken.reply.messages:
            first, *rest = message.split("\n")
            lines.append(f"< {first}")
            lines += [f"| {line}" for line in rest]
        if not taken.reply.messages:
            lines.append("< (nothing)")
        lines += [f"! {told}" for told in _told(turns, taken.session)]
        now = taken.session.state.level if taken.session else None
        if now != level:
            level = now
            lines.append(f"= {level}")
    return "\n".join(lines) + "\n"


def _told(turns: Turns, session: object) -> list[str]:
    """The pages that were committed since the last look, taken out of the lanes."""
    if session is None:
        return []
    store = turns.store
    found = []
    for keys in store.all_keys():
        for lane in ("emergency", "normal"):
            for entry, fields in store.client.xrange(keys.lane(lane)):
                store.client.xdel(keys.lane(lane), entry)
                contact, sealed = fields[b"d"].split(b";", 1)
                task = store.unseal(contact.decode(), sealed)
                if task["kind"] == TaskKind.PAGE:
                    level = task["payload"].get("level")
                    found.append(f"page {task['payload']['reason']} {level or ''}".strip())
    return found


def transcripts(folder: Path) -> list[Path]:
    """All transcripts of a folder, by name."""
    return sorted(folder.glob("*.txt"))

"""What the console works with: the hotline's parts, accounts, visits, the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hotline.console.accounts import Account, Accounts
from hotline.console.audit import Audit, Did
from hotline.console.session_tag import Tags
from hotline.console.sources import SourceBook, load_sources
from hotline.console.tries import Tries
from hotline.console.visits import Times, Visits
from hotline.escalation.board import Board
from hotline.escalation.calling_back import CallingBack
from hotline.escalation.ledger import Ledger
from hotline.escalation.orders import HER, About, SendOrder, send_task, whose
from hotline.escalation.records import Means
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.staff_actions import StaffActions
from hotline.flow.levels import Level
from hotline.runtime import Hotline, station_of
from hotline.session.records import Session, Task
from hotline.session.staffing import Staffing
from hotline.session.store import Store


@dataclass(frozen=True, slots=True)
class Office:
    """All the parts of one process's console."""

    hotline: Hotline
    accounts: Accounts
    visits: Visits
    tries: Tries
    audit: Audit
    board: Board
    ledger: Ledger
    rota: RotaStore
    staffing: Staffing
    staff: StaffActions
    calls: CallingBack
    sources: SourceBook
    tags: Tags

    @property
    def store(self) -> Store:
        """The store of sessions."""
        return self.hotline.store

    @staticmethod
    def now() -> datetime:
        """The moment."""
        return datetime.now(UTC)

    def note(self, account: Account, did: Did, session: str = "", note: str = "") -> None:
        """Write to the audit log what an account saw or did."""
        self.audit.write(account.name, did, session, note)


def open_office(hotline: Hotline, times: Times) -> Office:
    """The office of a running hotline. Raises FlowError when the policies cannot be read."""
    store, settings = hotline.store, hotline.settings
    accounts = Accounts(store)
    rota = RotaStore(store)
    station = station_of(hotline, sends=False)
    return Office(
        hotline=hotline,
        accounts=accounts,
        visits=Visits(store, accounts, times),
        tries=Tries(store),
        audit=Audit(store),
        board=Board(store),
        ledger=Ledger(store),
        rota=rota,
        staffing=Staffing(store, hotline.library, make_send),
        staff=StaffActions(station, rota),
        calls=CallingBack(station),
        sources=load_sources(settings.flows / hotline.library.flow.id / "sources.yaml"),
        tags=Tags(store),
    )


def make_send(session: Session, send: str, body: str, now: int) -> Task:
    """The task that sends her a text of ours; where it is grave its arrival is watched."""
    level = session.state.level
    grave = level in (Level.EMERGENCY, Level.URGENT)
    order = SendOrder(HER, Means.TEXT, About.REPLY, level, body=body, watched=grave)
    at = datetime.fromtimestamp(now / 1000, UTC)
    return send_task(send, whose(session.id), order, at)

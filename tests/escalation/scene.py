"""A hotline's evening on a clock moved by hand: real Redis, real flow, real HTTP to a stand-in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from redis import Redis

from hotline.channels.outgoing import Account
from hotline.channels.rest import RestClient
from hotline.escalation.board import Board
from hotline.escalation.ledger import Ledger
from hotline.escalation.policy import load_policies
from hotline.escalation.rota import Day, Hours, Person, Rota
from hotline.escalation.rota_store import RotaStore
from hotline.escalation.staff_actions import StaffActions
from hotline.escalation.station import Addresses, Station
from hotline.escalation.watching import Watcher
from hotline.escalation.worker import Habits, Hands
from hotline.runtime import library_at
from hotline.session.incoming import Incoming
from hotline.session.opening import open_store
from hotline.session.turn import Turns
from tests.standin import Standin

FLOWS = Path(__file__).parents[2] / "flows"
LIBRARY = library_at(FLOWS)
POLICIES = load_policies(FLOWS / "escalation.yaml")
SECRET = "a secret of more than thirty-two letters"

HER = "+447700900001"
OURS = "+447700900999"
ANN, BEA, CLO, ZOE = (
    Person(
        id=name,
        name=name.title(),
        phone=f"+44770090010{place}",
        hours=() if tier == 0 else (Hours(frozenset(Day), _midnight, _midnight, "UTC", tier),),
    )
    for _midnight in [datetime(2026, 1, 1, tzinfo=UTC).time()]
    for place, (name, tier) in enumerate([("ann", 1), ("bea", 1), ("clo", 2), ("zoe", 0)])
)
ROTA = Rota((ANN, BEA, CLO, ZOE), last_resort=("zoe",))


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.now


def make_station(url, carrier_url, clock=None, partitions=1):
    """A station as the runtime would wire it, on this Redis and this carrier."""
    store = open_store(Redis.from_url(url), [SECRET], partitions)
    carrier = RestClient(Account("AC1", "SK1", "secret", carrier_url), timeout=0.5)
    options = {"clock": clock} if clock else {}
    addresses = Addresses("https://hotline.example.org", OURS, "GB")
    return Station(store, LIBRARY, POLICIES, carrier, addresses, **options)


@dataclass
class Scene:
    """Everything a test drives: texts in, time, the worker, what the carrier got."""

    url: str
    standin: Standin
    rota: Rota = ROTA
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self):
        self.station = make_station(self.url, self.standin.url, self.clock)
        self.store = self.station.store
        self.turns = Turns(self.store, LIBRARY, ("GB", "en"), lambda: self.clock().timestamp())
        self.board = Board(self.store)
        self.ledger = Ledger(self.store)
        self.watcher = Watcher(self.station)
        self.staff = StaffActions(self.station, RotaStore(self.store))
        RotaStore(self.store).save(self.rota, 0)
        self.hands = Hands(self.station, Habits(claim_every=1e9))
        self.hands.queue.prepare()
        self._ids = count(1)

    def says(self, *texts, number=HER):
        """She texts these one after the other; the last reply."""
        for words in texts:
            delivery = f"SM{next(self._ids):032d}"
            taken = self.turns.take(Incoming(number, OURS, words, delivery))
        self.last_delivery = delivery
        return "\n".join(taken.reply.messages)

    def works(self):
        """The worker does everything that is due now."""
        for _ in range(5000):
            if not self.hands.once():
                return
        raise AssertionError("the worker never comes to rest")

    def passes(self, minutes=0.0, seconds=0.0):
        """Time goes by in small steps, the worker working all the while."""
        end = self.clock.now + timedelta(minutes=minutes, seconds=seconds)
        while self.clock.now < end:
            self.works()
            self.clock.now = min(end, self.clock.now + timedelta(seconds=5))
        self.works()

    def reports(self, asked, status, code=None):
        """The carrier reports on a text or call it took."""
        query = parse_qs(urlsplit(asked.form["StatusCallback"]).query)
        kind = "MessageStatus" if asked.kind == "Messages" else "CallStatus"
        form = {kind: status, "MessageSid": asked.sid, **({"ErrorCode": str(code)} if code else {})}
        return self.watcher.report(query["send"][0], int(query["p"][0]), form)

    def reply_reported(self, status, code=None):
        """The carrier reports on the reply to her last text."""
        form = {"MessageStatus": status, **({"ErrorCode": str(code)} if code else {})}
        return self.watcher.report(self.last_delivery, 0, form)

    @property
    def session_id(self):
        return self.store.load(self.store.contact_of(HER)).session.id

    @property
    def escalation(self):
        return self.board.load(self.session_id).escalation

    @property
    def to_her(self):
        return [one.form["Body"] for one in self.standin.texts(HER)]

    def paged(self, person):
        """The pages that reached a person's phone: texts and calls."""
        texts = [one for one in self.standin.texts(person.phone) if "TAKE" in one.form["Body"]]
        return texts + self.standin.calls(person.phone)

    @property
    def entries(self):
        """The kinds and extras of her session's log."""
        loaded = self.store.load_by_id(self.session_id)
        return [(entry.kind, dict(entry.extra)) for _, entry in self.store.entries(loaded)]

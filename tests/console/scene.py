"""The console as staff use it: an app on a real Redis, people who text, and who signs in."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count

from hotline.app import create_app
from hotline.console.accounts import Accounts
from hotline.console.rights import Role
from hotline.escalation.queue import open_task
from hotline.runtime import Hotline
from hotline.session.incoming import Incoming
from hotline.session.records import Lane

PASSWORD = "correct horse battery"
HER = "+447700900123"
OURS = "+441632960100"
_TOKEN = re.compile(r'name="csrf" content="([^"]+)"')


@dataclass
class Desk:
    """One person at one console."""

    client: object
    token: str = ""

    def get(self, path, status=200, **options):
        answer = self.client.get(f"/console{path}", **options)
        assert answer.status_code == status, (
            answer.status_code,
            "500" if answer.status_code == 500 else answer.text[-300:],
        )
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path, status=303, **form):
        data = {"csrf_token": self.token, **form}
        answer = self.client.post(f"/console{path}", data=data)
        assert answer.status_code == status, (
            answer.status_code,
            "500" if answer.status_code == 500 else answer.text[-300:],
        )
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    def does(self, session_id, what, **form):
        """A form on the session's page; the text of the page after it."""
        self.post(f"/sessions/{session_id}/{what}", **form)
        return self.get(f"/sessions/{session_id}").text


@dataclass
class Room:
    """A hotline in this process and everybody in it."""

    hotline: Hotline
    ids: count = field(default_factory=lambda: count(1))

    def __post_init__(self):
        self.app = create_app(self.hotline)
        self.accounts = Accounts(self.hotline.store)

    def says(self, *texts, number=HER):
        """She texts these; the last reply as one text."""
        for words in texts:
            delivery = f"SM{next(self.ids):032d}"
            taken = self.hotline.turns.take(Incoming(number, OURS, words, delivery))
        return "\n".join(taken.reply.messages)

    def session_of(self, number=HER):
        store = self.hotline.store
        return store.load(store.contact_of(number)).session

    def entries_of(self, number=HER):
        store = self.hotline.store
        loaded = store.load(store.contact_of(number))
        return [entry for _, entry in store.entries(loaded)]

    def add(self, name, role, **more):
        return self.accounts.add(name, role, PASSWORD, **more)

    def sits(self, role: Role = Role.NURSE, name="ann", **more):
        """An account with this role, signed in."""
        self.add(name, role, **more)
        return self.signs_in(name)

    def signs_in(self, name, password=PASSWORD, status=303, **more):
        desk = Desk(self.app.test_client())
        desk.get("/sign-in")
        desk.post("/sign-in", status, name=name, password=password, **more)
        if status == 303:
            desk.get("/")
        return desk

    def tasks(self):
        """Everything that waits in the lanes for the worker."""
        store = self.hotline.store
        rows = [
            row
            for keys in store.all_keys()
            for lane in Lane
            for row in self.hotline.client.xrange(keys.lane(lane))
        ]
        return [open_task(store, fields[b"d"]) for _, fields in rows]

"""A nurse on call for the demonstration, where nobody has made a rota yet."""

from __future__ import annotations

from datetime import time

from hotline.escalation.rota import Day, Hours, Person, Role, Rota
from hotline.escalation.rota_store import RotaStore
from hotline.session.store import Store

NURSE_NUMBER = "+447700900201"
"""In the range kept for drama: nobody's number."""

DEMO_PERSON = "demo"
"""The name of the demonstration's account too: "Call her" in the console rings this phone."""


def put_nurse_on_call(store: Store) -> str:
    """The number of who is on the rota first; a demonstration nurse is put there if nobody is.

    Raises StoreUnavailable.
    """
    rotas = RotaStore(store)
    stored = rotas.load()
    if stored.rota.people:
        return stored.rota.people[0].phone
    always = Hours(frozenset(Day), time(0), time(0), "Europe/London")
    nurse = Person(
        id=DEMO_PERSON,
        name="Nurse Demo",
        phone=NURSE_NUMBER,
        roles=frozenset({Role.NURSE}),
        languages=("en",),
        hours=(always,),
    )
    rotas.save(Rota(people=(nurse,), last_resort=(DEMO_PERSON,)), stored.revision)
    return NURSE_NUMBER

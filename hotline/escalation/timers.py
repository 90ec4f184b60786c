"""Doing what was timed: silence on a red flag, and check-ins she agreed to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from hotline.escalation.conclude import Conclusion, conclude
from hotline.escalation.followup import Circumstances, Tone, Wish, called_off, plan_follow_up
from hotline.escalation.orders import (
    HER,
    About,
    SendOrder,
    page_task,
    send_task,
    whose,
)
from hotline.escalation.queue import Taken, to_ms
from hotline.escalation.quiet import zones_of
from hotline.escalation.records import Means, Reason
from hotline.escalation.silence import SilenceThing, silence_round
from hotline.escalation.station import Station
from hotline.escalation.wording import may_text
from hotline.flow.events import Event, LevelGiven
from hotline.flow.levels import Level
from hotline.flow.state import Silence
from hotline.session.codec import event_to_plain, heard_to_plain
from hotline.session.conversation import Turned, stepped
from hotline.session.desk import Desk
from hotline.session.duties import duties_of
from hotline.session.records import (
    Asking,
    Channel,
    Control,
    Entry,
    Lane,
    Reply,
    Session,
    Task,
    TaskKind,
)
from hotline.session.saying import say_by_text
from hotline.session.store import Change, Loaded

_SILENCES = 4
"""How many open questions in a row are answered by silence: a red flag and its clarifiers."""


class Timers:
    """Does the tasks of the kinds SILENCE and FOLLOW_UP. Raises StoreUnavailable, StaleSession."""

    def __init__(self, station: Station) -> None:
        """Use this station's store, library and policies."""
        self._station = station
        self._store = station.store

    def silence(self, taken: Taken, now: datetime) -> None:
        """One round of a silence, if she is still silent."""
        task = taken.task
        number = int(task.payload.get("round", 1))
        loaded = self._store.load(task.contact)
        session = loaded.session
        this = silence_round(self._station.policies.silence, number)
        still = session is not None and session.id == f"{task.contact}.{task.serial}"
        if session is None or not still or loaded.revision != task.fence or this is None:
            self._done(taken, now)
            return
        if session.control is Control.STAFF or session.paused or session.opted_out:
            self._done(taken, now)
            return
        counted = SilenceThing.COUNT_AS_SILENCE in this.things
        tasks = [one for thing in this.things for one in self._silent(thing, session, task, now)]
        if this.then is not None:
            due, fence = to_ms(now + this.then), loaded.revision + (1 if counted else 0)
            tasks.append(replace(task, due=due, fence=fence, payload={"round": number + 1}))
        if counted:
            # The commit moves the fence, so all that follows has to be in it: a crash right after
            # it leaves nothing undone.
            self._count(loaded, session, tasks, now)
            tasks = []
        self._done(taken, now, tasks)

    def follow_up(self, taken: Taken, now: datetime) -> None:
        """Plan a check-in she agreed to, or send the one that is due."""
        if taken.task.payload.get("plan"):
            self._plan(taken, now)
        else:
            self._check_in(taken, now)

    def _silent(
        self, thing: SilenceThing, session: Session, task: Task, now: datetime
    ) -> Sequence[Task]:
        whom, dangers = whose(session.id), bool(session.state.dangers)
        level = Level.EMERGENCY if dangers else Level.URGENT
        match thing:
            case SilenceThing.SAFETY_NET if may_text(session):
                order = SendOrder(HER, Means.TEXT, About.SAYING, level, say="silence_safety_net")
                return (send_task(f"net:{session.id}:{task.fence}", whom, order, now),)
            case SilenceThing.PAGE:
                name = f"page:{session.id}:{task.fence}:silence"
                return (page_task(name, whom, Reason.SILENCE.value, level, now),)
            case _:
                return ()

    def _count(self, loaded: Loaded, session: Session, more: Sequence[Task], now: datetime) -> None:
        """Answer the open red flags with what silence counts as, and commit `more` tasks with it.

        She is told only a level that comes of it: no further question is put to who is silent.
        """
        station, moment = self._station, to_ms(now)
        turned = self._silences(session, moment)
        told = [piece for piece in turned.pieces if isinstance(piece, LevelGiven)]
        turned = turned._replace(pieces=told)
        reply = say_by_text(station.library, turned.session, told)
        delivery = f"silence:{session.id}:{loaded.revision}"
        cause = (delivery, moment)
        duties = duties_of(station.library, turned, reply, loaded.revision + 1, cause)
        # The reply goes by a send of ours, which brings its own check; no new round begins.
        unwanted = {TaskKind.SILENCE, TaskKind.DELIVERY_CHECK}
        tasks = [*more, *(one for one in duties if one.kind not in unwanted)]
        order = _told(turned.session, reply)
        if order is not None:
            tasks.append(send_task(delivery, whose(session.id), order, now))
        entry = Entry(
            kind="silence",
            delivery=delivery,
            heard=heard_to_plain(Silence()),
            events=tuple(event_to_plain(event) for event in turned.events),
            said=reply.messages if order is not None and order.body else (),
            flow=turned.session.flow,
        )
        change = Change(
            session=turned.session,
            revision=loaded.revision,
            now=moment,
            before=session,
            entries=[entry],
            tasks=tasks,
            deliveries=loaded.deliveries,
        )
        self._store.commit(change)

    def _silences(self, session: Session, moment: int) -> Turned:
        """Silence for the open question, and for what clarifies it, until a level is told."""
        library = self._station.library
        flow = library.flow_of(session.flow)
        turned, events = Turned(session, ()), list[Event]()
        for _ in range(_SILENCES):
            turned = stepped(Desk(library, moment), turned.session, Silence())
            events += turned.events
            question = flow.by_id.get(turned.session.state.question or "")
            if question is None or not (question.red_flag or question.checks):
                break
        # A question of our own that came up (may we text you tomorrow?) is not put to her now.
        after = turned.session._replace(asking=session.asking)
        return turned._replace(session=after, events=events, pieces=events)

    def _plan(self, taken: Taken, now: datetime) -> None:
        task = taken.task
        session = self._store.load(task.contact).session
        if session is None or session.id != f"{task.contact}.{task.serial}":
            self._done(taken, now)
            return
        policy = self._station.policies.follow_up
        zones = zones_of(session.country or self._station.addresses.country)
        level = session.state.level or Level.SOON
        wish = Wish(session.follow_up is not None, level, zones, session.loss)
        plan = plan_follow_up(wish, policy, now)
        if plan is None:
            self._done(taken, now)
            return
        payload = {"planned": session.updated, "tone": plan.tone.value, "say": plan.saying}
        due = replace(task, due=to_ms(plan.at), lane=Lane.NORMAL, payload=payload)
        self._done(taken, now, [due])

    def _check_in(self, taken: Taken, now: datetime) -> None:
        task = taken.task
        loaded = self._store.load(task.contact)
        session = loaded.session
        if session is None or session.id != f"{task.contact}.{task.serial}":
            self._done(taken, now)
            return
        why = called_off(_circumstances(session, task))
        if why is not None:
            entry = Entry("follow_up", extra={"called_off": why.value})
            self._done(taken, now, entry=entry)
            return
        order = SendOrder(
            HER, Means.TEXT, About.FOLLOW_UP, say=str(task.payload["say"]), unasked=True
        )
        # In this order: a crash between the two finds her session newer than the plan, and the
        # check-in, which is committed with it, goes out once.
        self._store.commit(
            Change(
                session=session._replace(asking=Asking.CHECK_IN, updated=to_ms(now)),
                revision=loaded.revision,
                now=to_ms(now),
                before=session,
                tasks=[send_task(f"checkin:{session.id}", whose(session.id), order, now)],
                deliveries=loaded.deliveries,
            )
        )
        self._done(taken, now)

    def _done(
        self,
        taken: Taken,
        now: datetime,
        tasks: Sequence[Task] = (),
        entry: Entry | None = None,
    ) -> None:
        task = taken.task
        session_id = f"{task.contact}.{task.serial}"
        conclude(
            self._store,
            Conclusion(task.contact, session_id, now, taken, entry=entry, tasks=tasks),
        )


def _told(session: Session, reply: Reply) -> SendOrder | None:
    """How a level that came of silence is told: by text; by a call to who had called; or not.

    Who said that texting is not safe is not rung up either: staff are told.
    """
    level = session.state.level
    if not reply.messages:
        return None
    if may_text(session):
        body = "\n".join(reply.messages)
        return SendOrder(HER, Means.TEXT, About.REPLY, level, body=body, watched=reply.emergency)
    if session.channel is Channel.VOICE and reply.emergency and session.number:
        return SendOrder(HER, Means.CALL, About.ADVICE, level)
    return None


def _circumstances(session: Session, task: Task) -> Circumstances:
    planned = int(task.payload["planned"])
    return Circumstances(
        agreed=session.follow_up is not None,
        planned=datetime.fromtimestamp(planned / 1000, UTC),
        last_wrote=datetime.fromtimestamp(session.updated / 1000, UTC),
        opted_out=session.opted_out,
        staff_have_her=session.control is Control.STAFF,
        loss=session.loss,
        tone=Tone(task.payload["tone"]),
    )

"""What is written stays readable: the forms of a record, told apart by their first byte."""

import re
import zlib

import pytest

from hotline.flow.levels import Level
from hotline.flow.state import State
from hotline.session.cipher import Cipher, UnreadableRecord
from hotline.session.codec import entry_to_plain
from hotline.session.packing import (
    LONGEST_AS_IS,
    pack,
    pack_entry,
    pack_fast,
    pack_session,
    unpack,
    unpack_entry,
    unpack_session,
)
from hotline.session.records import Asking, Channel, Control, Entry, Line, Menu, Session

STATE = State(
    answers={"heavy": "no", "signs": frozenset({"fluid", "headache"}), "weeks": 12},
    told=(("risks", frozenset({"ectopic"})), ("weeks", 12)),
    trail=("safe_to_text", "heavy"),
    dangers=frozenset({"seizure"}),
    question="pain",
    tries=1,
    level=Level.URGENT,
    said=frozenset({"log"}),
    last_level=Level.SOON,
)
SESSION = Session(
    contact="abcdefghijklmnop",
    serial=2,
    number="+447700900123",
    our_number="+441632960100",
    channel=Channel.VOICE,
    country=None,
    language="hi",
    flow="0123456789abcdef",
    state=STATE,
    opened=1_763_800_000_000,
    updated=1_763_800_000_001,
    control=Control.STAFF,
    staff="ana",
    asking=Asking.RESUME,
    recent=(1_763_800_000_000, 1_763_800_000_001),
    last_words="हाँ 🩸",
    last_level=Level.SOON,
    notes=((1_763_800_000_000, "ana", "call her"),),
    noted={"weeks": 12, "signs": frozenset({"none"})},
    line=Line(menu=Menu.AFTER, picked=("fluid",), heard=True),
)
OLD = (
    '{"contact":"abcdefghijklmnop","serial":2,"number":"+447700900123","our_number":"+4416329'
    '60100","channel":"voice","country":null,"language":"hi","flow":"0123456789abcdef","state'
    '":[{"heavy":"no","signs":["fluid","headache"],"weeks":12},[["risks",["ectopic"]],["weeks'
    '",12]],["safe_to_text","heavy"],["seizure"],[],[],[],"pain",1,"urgent",["log"],[],"soon"'
    ',false],"opened":1763800000000,"updated":1763800000001,"control":"staff","staff":"ana","'
    'asking":"resume","recent":[1763800000000,1763800000001],"last_words":"हाँ 🩸","last_level'
    '":"soon","notes":[[1763800000000,"ana","call her"]],"noted":{"weeks":12,"signs":["none"]'
    '},"line":["after","",0,["fluid"],0,true,0,false,"",""],"deliveries":[7,4294967295]}'
)
OLD_SQUEEZED = (
    "7a6d95317283301045afe2714d21640cd159344c46c16048b0f11848910c454e92862637489a9c8523e408f9"
    "bb9230f6980684a49556fffdd59223f394edf2625f56cf2ff5e1d89c30cb7325afb94a12219410a1dc60cc2d"
    "6161bc912a16a110e8bcb0f6da907316b471fe4bdaca0add8e368a1d6de3e441d95da1e7429fcdc9e9da567b"
    "ae3998d923273eeb9dc94a2660466b08b476d240f53ceb9a5395ad5308e1150d25b7ee0241c3dabc7a63ef39"
    "f94856cb064ce74b88e632c0f2422408705f60e19e5ba1dd6f0424779f9b1a8a21eda2b0e9e30d058f062de8"
    "48f509b74bdef6073ad76b44e61518181f175bae4ddb3dfadb631a7fa6f1771a3f567f9f5fdf08c2bdbe2eda"
    "04e09e8eaba2656f0eec369299ba5ee17ea3b3e4a1c0ea7d69e9591febca018bb02bf5da141d5b8a7ca19d7c"
    "29bebb739fe3c5d608a8ee9097dd05c8f55c27412455a4e244aa6d3afc03"
)


def test_a_session_comes_back_as_it_was_with_its_deliveries():
    kept = unpack_session(pack_session(SESSION, [7, 4_294_967_295]))
    assert kept.session == SESSION
    assert kept.deliveries == (7, 4_294_967_295)


def test_what_comes_back_is_of_the_same_types_down_to_the_enums_and_sets():
    session = unpack_session(pack_session(SESSION)).session
    assert repr(session._replace(state=STATE)) == repr(SESSION)
    assert isinstance(session.state, State)
    assert [type(one) for one in session.state] == [type(one) for one in STATE]
    assert type(session.state.answers["signs"]) is frozenset


def test_answers_keep_the_order_in_which_they_were_settled():
    state = State(answers={"weeks": 12, "heavy": "no", "amount": "spots"})
    session = unpack_session(pack_session(SESSION._replace(state=state))).session
    assert list(session.state.answers) == ["weeks", "heavy", "amount"]


@pytest.mark.parametrize("record", [OLD.encode(), bytes.fromhex(OLD_SQUEEZED)])
def test_a_record_of_the_form_before_is_read_to_the_same_session(record):
    kept = unpack_session(record)
    assert kept.session == SESSION
    assert kept.deliveries == (7, 4_294_967_295)


@pytest.mark.parametrize(
    "record",
    [
        *(b"m", b"m\x92\x01\x90", b"{", b'{"contact":1}', b"zzz", b"", b"[1]", b"[" * 5_000),
        *(b'{"state":[1]}', b'{"state":{}}', b'{"deliveries":3}', b'{"state":[],"line":4}'),
    ],
)
def test_a_damaged_record_is_an_error_and_never_a_session(record):
    with pytest.raises((ValueError, zlib.error)):
        unpack_session(record)


def test_a_plain_record_with_a_field_of_another_kind_is_an_error():
    assert '"serial":' in OLD
    for wrong in ('{"a":1}', '"x"', "null", "[1]", "1e99", str(2**70)):
        with pytest.raises(ValueError, match=r"."):
            unpack_session(re.sub(r'"serial":\d+', f'"serial":{wrong}', OLD).encode())


@pytest.mark.parametrize("record", [b"[" * 5_000, b'{"a":' * 5_000, b"z", b"", b"z\0", b"[1,2"])
def test_damaged_plain_data_is_an_error_that_is_named(record):
    with pytest.raises((ValueError, zlib.error)):
        unpack(record)


ENTRIES = (
    Entry(kind="silence"),
    Entry(
        kind="text",
        delivery="SM" + "0" * 32,
        words="no & नहीं",
        heard={"is": "heard", "answer": ["fluid"], "told": {"weeks": 12}},
        events=({"is": "Answered", "question": "heavy", "value": "no", "source": "asked"},),
        said=("1 Yes\n2 No",),
        extra={"emergency": True, "pages": ["person"]},
    ),
    Entry(kind="staff", words="x" * 2_000, said=("y" * 900, "z"), by="ana", flow="0123"),
)


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_comes_back_as_it_was_from_each_of_its_forms(entry):
    assert unpack_entry(pack_entry(entry)) == entry
    assert unpack_entry(pack(entry_to_plain(entry))) == entry
    assert unpack_entry(pack_fast(entry_to_plain(entry))) == entry


def test_a_long_entry_is_squeezed_and_a_short_one_is_not():
    short, long = pack_entry(ENTRIES[1]), pack_entry(ENTRIES[2])
    assert b"Answered" in short
    assert len(long) < LONGEST_AS_IS


@pytest.mark.parametrize(
    "record", [b"e", b"e\x90", b"e\x91\x01", b"e\xff", b"z", b"{}", b"[]", b"e" + b"\x91" * 5_000]
)
def test_a_damaged_entry_is_an_error_and_never_an_entry(record):
    with pytest.raises((ValueError, zlib.error)):
        unpack_entry(record)


@pytest.mark.parametrize("length", [0, 1, 5, 9, 13, 20, 28])
def test_a_sealed_record_that_was_cut_is_unreadable(length: int):
    cipher = Cipher(["a secret of more than thirty-two letters"])
    sealed = cipher.seal(b"what she said", b"about")
    with pytest.raises(UnreadableRecord):
        cipher.open(sealed[:length], b"about")


@pytest.mark.parametrize("data", [{"a": [1, None, True, "ж\n"]}, [], {"deep": {"er": [[]]}}])
def test_plain_data_comes_back_from_both_forms(data):
    assert unpack(pack(data)) == data
    assert unpack(pack_fast(data)) == data

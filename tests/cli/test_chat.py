"""hotline chat: real processes, spoken to over pipes as a program or a nurse would."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis

from hotline.runtime import library_at
from hotline.session.opening import open_store
from hotline.session.turn import Turns
from hotline.settings import flows_dir
from tests.session.transcript import play

HOTLINE = [sys.executable, "-m", "hotline.cli"]
KEYS = {
    *("turn", "heard", "understood", "danger", "question"),
    *("messages", "level", "rules", "advice", "ended"),
}


def chat(*options: str, said: bytes) -> list[dict]:
    done = subprocess.run(
        [*HOTLINE, "chat", "--json", *options], input=said, capture_output=True, check=True
    )
    assert done.stderr == b""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_line_gives_one_object_with_exactly_the_promised_keys() -> None:
    turns = chat(said=b"hello\n1\n2\n")
    assert [turn["turn"] for turn in turns] == [1, 2, 3]
    assert [turn["heard"] for turn in turns] == ["hello", "1", "2"]
    assert all(turn.keys() == KEYS for turn in turns)
    assert turns[0]["question"] == {
        "id": "safe_to_text",
        "kind": "yes_no",
        "options": [{"key": "1", "value": "yes"}, {"key": "2", "value": "no"}],
    }
    assert turns[1]["understood"] == {"safe_to_text": "yes"}
    assert turns[0]["messages"][0].keys() == {"text", "segments", "encoding"}


def test_a_red_flag_ends_in_a_level_with_its_rules_and_their_sources() -> None:
    last = chat(said=b"hello\n1\n1\n")[-1]
    assert last["level"] == "emergency"
    assert last["ended"] is True
    assert last["question"] is None
    assert "heavy-bleeding" in [rule["id"] for rule in last["rules"]]
    assert all(rule["sources"] for rule in last["rules"])
    assert last["messages"][0]["text"].startswith("CALL 999")


def test_danger_in_the_first_text_is_named_and_answered_at_once() -> None:
    (turn,) = chat(said=b"im bleeding heavily and just passed out\n")
    assert "collapse" in turn["danger"]
    assert turn["level"] == "emergency"


def test_the_country_and_the_language_are_those_asked_for() -> None:
    (turn,) = chat("--country", "US", said=b"i passed out\n")
    assert "911" in turn["messages"][0]["text"]
    spanish = chat("--country", "US", "--language", "es", said=b"hola\n1\n")
    assert spanish[-1]["understood"] == {"safe_to_text": "yes"}
    assert spanish[0]["messages"] != turn["messages"]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\n\n",
        b"\xff\xfe\x00\n",
        b"no line end",
        b"x" * 100_000 + b"\n",
        "\uff11\uff12 सप्ताह 🩸\u202e\n".encode(),
        b"stop\nstart\nback\nmenu\nhelp\ndelete\nhello\n",
        b"same\n" * 40,
        b'{"turn": 1}\r\n[]\r\n',
    ],
)
def test_bad_input_never_breaks_it(said: bytes) -> None:
    turns = chat(said=said)
    assert len(turns) == len(said.splitlines() if b"\n" in said else [said] * bool(said))


def test_a_long_conversation_in_a_pipe_is_not_taken_for_a_flood() -> None:
    said = b"".join(b"hello %d\n" % number for number in range(30))
    assert all(turn["messages"] for turn in chat(said=said))


def test_each_reply_comes_before_the_next_line_is_sent() -> None:
    command = [*HOTLINE, "chat", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        for text in (b"hello\n", b"1\n"):
            process.stdin.write(text)
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["heard"] == text.decode().strip()
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def answer_all(wanted: dict[str, str]) -> list[dict]:
    """Answer every question by the key of the wanted value, else the key of "no" or "none"."""
    turns: list[dict] = []
    command = [*HOTLINE, "chat", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        text = "hello"
        while len(turns) < 40:
            process.stdin.write(f"{text}\n".encode())
            process.stdin.flush()
            turns.append(json.loads(process.stdout.readline()))
            question = turns[-1]["question"]
            if question is None:
                break
            keys = {one["value"]: one["key"] for one in question["options"]}
            value = wanted.get(question["id"], "no" if "no" in keys else "none")
            text = keys.get(value, value)
        process.stdin.close()
        process.wait(timeout=20)
    return turns


def test_following_the_keys_leads_to_a_level_and_through_our_own_questions() -> None:
    turns = answer_all(
        {
            "safe_to_text": "yes",
            "pregnant": "yes",
            "weeks": "12",
            "amount": "spots",
            "before": "sex",
            "follow_up": "yes",
        }
    )
    told = {name: value for turn in turns for name, value in turn["understood"].items()}
    assert told["weeks"] == 12
    assert told["amount"] == "spots"
    assert told["follow_up"] == "yes"
    assert turns[-1]["level"] in {"self_care", "routine", "soon", "urgent"}
    assert turns[-1]["ended"] is True


def test_a_saved_conversation_is_a_golden_transcript_that_goes_the_same_again(
    tmp_path: Path, redis_client: Redis
) -> None:
    file = tmp_path / "heavy.txt"
    chat("--save", str(file), said=b"hello\n1\nwhat?\n1\nok\n")
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[1:4] == ["# country GB", "# language en", "> hello"]
    assert any(line.startswith("< CALL 999") for line in lines)
    assert "! page level emergency" in lines
    assert "= emergency" in lines
    store = open_store(redis_client, ["a secret of thirty-two letters!!"], 1)
    assert play(Turns(store, library_at(flows_dir()), ("GB", "en")), text) == text


def test_on_a_screen_it_shows_segments_level_and_rules() -> None:
    done = subprocess.run(
        [*HOTLINE, "chat"], input="hello\n1\n1\n", capture_output=True, text=True, check=True
    )
    for shown in ("segment", "GSM-7", "understood", "emergency", "heavy-bleeding", "page"):
        assert shown in done.stdout


def test_by_voice_keys_speech_and_silence_are_told_apart() -> None:
    turns = chat("--voice", said=b"1\n\n1\n")
    assert turns[0]["understood"] == {"safe_to_text": "yes"}
    assert any("press 1" in message["text"] for message in turns[0]["messages"])
    assert turns[1]["understood"] == {}
    assert turns[2]["level"] == "emergency"
    assert any("9 9 9" in message["text"] for message in turns[2]["messages"])
    (spoken,) = chat("--voice", said=b"i am bleeding heavily and i fainted\n")
    assert spoken["level"] == "emergency"


def test_by_voice_she_is_spoken_to_in_her_language() -> None:
    (turn,) = chat("--voice", "--country", "US", "--language", "es", said=b"1\n")
    assert turn["understood"] == {"safe_to_text": "yes"}
    assert "sangrado" in turn["messages"][0]["text"]


def test_by_voice_on_a_screen_the_greeting_comes_first() -> None:
    done = subprocess.run(
        [*HOTLINE, "chat", "--voice"], input="1\n", capture_output=True, text=True, check=True
    )
    assert "Is it safe" in done.stdout
    assert "spoken" in done.stdout


@pytest.mark.parametrize("option", ["--country=ZZ", "--language=tlh"])
def test_an_unknown_country_or_language_is_refused_with_the_known_ones(option: str) -> None:
    done = subprocess.run([*HOTLINE, "chat", option], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is none of" in done.stderr


def test_it_starts_in_seconds() -> None:
    started = time.monotonic()
    chat(said=b"hello\n")
    assert time.monotonic() - started < 8

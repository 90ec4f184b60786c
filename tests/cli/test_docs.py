"""The documents: every command they show runs, every setting and link they name exists."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from redis import Redis

from hotline.runtime import library_at
from hotline.session.incoming import Incoming
from hotline.session.opening import open_store
from hotline.session.turn import Turns
from hotline.settings import Settings, flows_dir, names
from tests.cli.conftest import Installation

REPOSITORY = Path(__file__).parents[2]
TESTED_ELSEWHERE = {"authoring.md"}
"""A tutorial whose steps build on each other has a test of its own."""

DOCUMENTS = (
    "README.md",
    *sorted(
        f"docs/{file.name}"
        for file in (REPOSITORY / "docs").glob("*.md")
        if file.name not in TESTED_ELSEWHERE
    ),
)
BLOCK = re.compile(r"^ *```sh\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
OURS = re.compile(r"\b(?:HOTLINE|TWILIO)_[A-Z_]+\b")
LINK = re.compile(r"\]\(([^)#]+)\)")
STAYS = ("hotline serve", "hotline worker", "hotline run")
TYPED = {
    "hotline chat": "hello\n1\n1\n",
    "hotline twilio setup": "y\n",
    "hotline staff add": "a long password\na long password\n",
}


def commands() -> list[str]:
    """Every command in a sh block of a document, each once, in the order shown."""
    shown: dict[str, None] = {}
    for document in DOCUMENTS:
        text = (REPOSITORY / document).read_text(encoding="utf-8")
        for block in BLOCK.findall(text):
            shown.update(dict.fromkeys(line.strip() for line in block.splitlines() if line.strip()))
    return list(shown)


def run(command: list[str], house: Installation, said: str = "") -> subprocess.CompletedProcess:
    environ = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **house.environ}
    return subprocess.run(
        command,
        env=environ,
        cwd=house.folder,
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.timeout(400)
@pytest.mark.parametrize("command", commands())
def test_a_documented_command_runs(command: str, house: Installation, free_port: int) -> None:
    words = shlex.split(command)
    match words:
        case ["make", target]:
            makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
            assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        case ["docker", "compose", *rest]:
            known = (REPOSITORY / "docker-compose.yml").read_text(encoding="utf-8")
            assert rest[0] in {"up", "exec"}
            assert rest[0] != "exec" or f"\n  {rest[1]}:" in known
        case ["python3", *rest]:
            assert run([sys.executable, *rest], house).returncode == 0
        case ["hotline", *rest] if command.startswith(STAYS):
            starts_and_stops(rest, house, free_port)
        case ["hotline", *rest]:
            said = next((text for start, text in TYPED.items() if command.startswith(start)), "")
            done = run([sys.executable, "-m", "hotline.cli", *rest], house, said)
            assert done.returncode == 0, done.stdout + done.stderr
        case _:
            pytest.fail(f"no test knows how to run: {command}")


def starts_and_stops(words: list[str], house: Installation, port: int) -> None:
    words = [str(port) if word == "8000" else word for word in words]
    environ = {"PATH": os.environ["PATH"], **house.environ}
    command = [sys.executable, "-m", "hotline.cli", *words]
    with subprocess.Popen(command, env=environ, cwd=house.folder) as process:
        try:
            if words[0] == "serve":
                until_ready(port)
            else:
                time.sleep(4)
                assert process.poll() is None
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) in {0, -signal.SIGTERM}


def until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if requests.get(f"http://127.0.0.1:{port}/readyz", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise AssertionError("it did not get ready")


def test_the_settings_table_is_the_code() -> None:
    text = (REPOSITORY / "docs/settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (yes|no) \| (.*?) \| .+ \|$", text, re.MULTILINE)
    rows += re.findall(r"^\| `([A-Z_]+)` \| (yes|no) \|() \| .+ \|$", text, re.MULTILINE)
    told = {name: (needed == "yes", default.strip().strip("`")) for name, needed, default in rows}
    assert sorted(told) == sorted(names())
    for field in Settings.model_fields.values():
        needed, default = told[str(field.alias)]
        assert needed is field.is_required(), field.alias
        if not needed and field.default_factory is None:
            words = {"None": "", "False": "no", "True": "yes"}
            assert default == words.get(str(field.default), str(field.default)), field.alias


@pytest.mark.parametrize("document", DOCUMENTS)
def test_settings_and_links_that_a_document_names_exist(document: str) -> None:
    file = REPOSITORY / document
    text = file.read_text(encoding="utf-8")
    unknown = {one for one in OURS.findall(text) if one.removesuffix("_FILE") not in names()}
    assert unknown == set()
    local = [link for link in LINK.findall(text) if "://" not in link]
    assert [link for link in local if not (file.parent / link).exists()] == []


def test_the_readme_says_first_what_it_is_how_to_run_it_and_that_nobody_signed_it_off() -> None:
    first = (REPOSITORY / "README.md").read_text(encoding="utf-8").split("## ")[0]
    assert "make run\nmake test" in first
    assert "Not signed off by any clinician" in first
    assert "> " in first


def test_the_readmes_conversation_goes_as_shown(redis_client: Redis) -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```text\n(.*?)```", text, re.DOTALL)[0]
    turns = [part.split("\n< ") for part in shown.partition("\n! ")[0].split("\n> ")]
    store = open_store(redis_client, ["a secret of thirty-two letters!!"], 1)
    taker = Turns(store, library_at(flows_dir()), ("GB", "en"))
    for number, (words, answer) in enumerate(turns):
        said = words.removeprefix("> ")
        incoming = Incoming("+447700900123", "+441632960100", said, f"SM{number}")
        reply = " ".join(" ".join(taker.take(incoming).reply.messages).split())
        expected = " ".join(answer.split())
        assert reply.startswith(expected.removesuffix("..."))
        assert expected.endswith("...") or reply == expected
    assert taker.store.client.xlen("hl:{0}:lane:emergency") > 0


def test_no_document_shows_a_machine_or_a_registry() -> None:
    shown = ["Dockerfile", "docker-compose.yml", *DOCUMENTS]
    machine = r"/(?:root|work)/|/(?:home)/\w|index-url|ghcr\.io|docker\.io"
    for file in (*shown, *(str(one) for one in (REPOSITORY / "docs/deploy").iterdir())):
        text = (REPOSITORY / file).read_text(encoding="utf-8")
        assert not re.search(machine, text), file


def test_no_word_list_shows_what_looks_like_a_folder_of_a_machine() -> None:
    for file in (REPOSITORY / "flows").rglob("*.yaml"):
        assert not re.search(r"/(?:root|home|work|tmp|opt)/", file.read_text("utf-8")), file


def test_the_entry_point_is_the_one_that_documents_show() -> None:
    assert shutil.which("hotline", path=str(Path(sys.executable).parent))

"""Reading all files of a flow for the commands that look at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from hotline.channels.voice.voices import VOICES_FILE, load_voices
from hotline.compiled import lexicons_at
from hotline.errors import FlowError, FlowErrors
from hotline.escalation.policy import POLICY_FILE, load_policies_for
from hotline.flow.cases import Case, parse_cases
from hotline.flow.check.material import Material
from hotline.flow.flow import Flow
from hotline.flow.load import load_flow
from hotline.flow.words_load import load_words
from hotline.flow.yaml_text import Marks, read_yaml
from hotline.settings import flows_dir


@dataclass(frozen=True, slots=True)
class FlowFiles:
    """Where the files of one flow are: its own folder, and the one that flows share."""

    folder: Path

    @property
    def shared(self) -> Path:
        """The folder with phrases, topics, understanding and countries."""
        return self.folder.parent

    def flow(self) -> Flow:
        """The flow. Raises FlowError or FlowErrors."""
        return load_flow(self.folder / "flow.yaml")

    def cases(self, flow: Flow) -> tuple[Case, ...]:
        """The worked examples. Raises FlowError or FlowErrors."""
        path = self.folder / "cases.yaml"
        read_yaml(path)
        return parse_cases(path.read_bytes(), str(path), flow)

    def serving(self) -> None:
        """Read what only serving wants: who is told when, and the voices, where they are beside.

        Raises FlowError or FlowErrors, all faults of both files at once.
        """
        words = load_words(self.folder, self.shared)
        found: list[FlowError] = []
        for name, read in (
            (POLICY_FILE, lambda path: load_policies_for(words, path)),
            (VOICES_FILE, lambda path: load_voices(path, frozenset(words.languages))),
        ):
            try:
                if (self.shared / name).exists():
                    read(self.shared / name)
            except FlowErrors as faults:
                found += faults.errors
            except FlowError as fault:
                found.append(fault)
        if found:
            raise FlowErrors(found)

    def material(self, flow: Flow) -> Material:
        """Everything the checks look at. Raises FlowError or FlowErrors."""
        words = load_words(self.folder, self.shared)
        lexicons = lexicons_at(self.shared / "understanding")
        sources, _ = read_yaml(self.folder / "sources.yaml")
        known = sources.get("sources") if isinstance(sources, dict) else None
        marks: dict[tuple[str, str], Marks] = {("", "flow"): read_yaml(flow_path(flow))[1]}
        gsm: set[str] = set()
        for language in words.languages:
            text = self.folder / f"text.{language}.yaml"
            tree, marks[language, "text"] = read_yaml(text)
            if isinstance(tree, dict) and tree.get("letters", "gsm") == "gsm":
                gsm.add(language)
            for section in ("phrases", "topics"):
                path = self.shared / section / f"{language}.yaml"
                marks[language, section] = read_yaml(path)[1]
        return Material(
            flow=flow,
            words=words,
            sources=frozenset(known or ()),
            understood={name: frozenset() for name in lexicons.languages},
            gsm=frozenset(gsm),
            marks=marks,
            today=datetime.now(tz=UTC).date(),
        )


def flow_path(flow: Flow) -> Path:
    """The file a flow was loaded from."""
    return Path(flow.file)


def files_of(given: Path | None) -> FlowFiles:
    """The flow that was named: a folder, its flow.yaml, or the bleeding flow in use."""
    folder = given or flows_dir() / "bleeding"
    return FlowFiles(folder.parent if folder.name == "flow.yaml" else folder)


def faults(error: FlowError | FlowErrors) -> list[str]:
    """One line for each fault of an author's files."""
    return [str(one) for one in (error.errors if isinstance(error, FlowErrors) else [error])]

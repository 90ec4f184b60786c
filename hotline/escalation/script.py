"""Running the worker's Lua scripts: by their hash, loaded again when the server forgot them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError

from hotline.errors import StoreUnavailable
from hotline.session.connection import FAILURES, Client

_FOLDER = Path(__file__).parent / "scripts"


class Script:
    """One script of the `scripts` folder."""

    def __init__(self, name: str) -> None:
        """`name` is the file's, without its ending."""
        self._text = (_FOLDER / f"{name}.lua").read_text(encoding="utf-8")
        self._sha = ""

    def run(
        self, client: Client, keys: Sequence[str], arguments: Sequence[str | bytes | int]
    ) -> Any:  # noqa: ANN401 - whatever the script answers
        """The script's answer. Raises StoreUnavailable when Redis fails."""
        try:
            if not self._sha:
                self._sha = str(client.script_load(self._text))
            try:
                return client.execute_command("EVALSHA", self._sha, len(keys), *keys, *arguments)
            except NoScriptError:
                return client.execute_command("EVAL", self._text, len(keys), *keys, *arguments)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error

"""Running the worker's Lua scripts: by their hash, in full where the server does not know them."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError

from hotline.errors import StoreUnavailable
from hotline.session.connection import FAILURES
from hotline.session.store import Store

_FOLDER = Path(__file__).parent / "scripts"


class Script:
    """One script of the `scripts` folder. It may run twice when an answer got lost on the way."""

    def __init__(self, name: str) -> None:
        """`name` is the file's, without its ending."""
        self._text = (_FOLDER / f"{name}.lua").read_text(encoding="utf-8")
        self._sha = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    def run(self, store: Store, keys: Sequence[str], arguments: Sequence[str | bytes | int]) -> Any:  # noqa: ANN401 - whatever the script answers
        """The script's answer, once the replicas that are asked for have its writes too.

        Raises StoreUnavailable when Redis fails.
        """
        words = (len(keys), *keys, *arguments)
        try:
            try:
                return store.trips.ask_to_keep(keys[0], "EVALSHA", self._sha, *words)
            except NoScriptError:
                return store.trips.ask_to_keep(keys[0], "EVAL", self._text, *words)
        except FAILURES as error:
            raise StoreUnavailable(str(error)) from error

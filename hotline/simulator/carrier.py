"""The pretend carrier: the ledger, the wire to the hotline, texts and calls, each in threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

from hotline.simulator.calling import Calling
from hotline.simulator.ledger import Ledger
from hotline.simulator.texting import Texting
from hotline.simulator.wire import Line, Wire


class Carrier:
    """A carrier inside this process. `pace` 1 takes its time like a network, 0 none."""

    def __init__(self, line: Line, pace: float = 1.0) -> None:
        """Serve one line, the hotline's."""
        self.line = line
        self.ledger = Ledger()
        self.pace = pace
        wire = Wire(line, self.ledger)
        self.texting = Texting(wire, self.ledger, later, pace)
        self.calling = Calling(wire, self.ledger, later, pace)


def later(work: Callable[..., object], *arguments: object) -> None:
    """Run something in a thread that does not hold the process back."""
    threading.Thread(target=work, args=arguments, name="carrier", daemon=True).start()

"""Workers as processes of their own, for tests that kill them.

Arguments: the URLs of Redis and of the carrier. Each line on standard input forks a worker and is
answered with its process id. Loading the flow takes seconds, so it is done once, before the forks;
each worker connects for itself. `hotline worker` runs the same Worker, with longer pauses.
"""

import os
import signal
import sys
import threading
import time
from datetime import timedelta

from hotline.escalation.worker import Habits, Worker
from tests.escalation.scene import make_station


def end_with(parent):
    """A worker does not outlive the test that started it, however that ends."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def work(url, carrier, parent):
    threading.Thread(target=end_with, args=(parent,), daemon=True).start()
    habits = Habits(threads=3, idle=0.02, claim_every=0.3, claim_after=timedelta(seconds=1.5))
    worker = Worker(make_station(url, carrier), habits)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    worker.run()


def main(url, carrier):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    parent = os.getpid()
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            work(url, carrier, parent)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Keeps a child from outliving us: `python -m server.keeper COMMAND…`.

The keeper runs the command in a session of its own and watches its standard
input, a pipe that we hold open. When we go, however we go, the pipe closes and
the keeper ends the command with everything that it started.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time

GRACE_S = 10.0
POLL_S = 0.2


def main(command: list[str]) -> int:
    """Run the command until it ends or our standard input closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    signal.signal(signal.SIGTERM, lambda *_: end_group(child))
    while child.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], POLL_S)
        if readable and not os.read(sys.stdin.fileno(), 1024):
            break
    end_group(child)
    return child.wait()


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Ask the child's whole group to stop, and after a while make it."""
    for sign, patience in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, GRACE_S)):
        try:
            os.killpg(child.pid, sign)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and group_lives(child.pid):
            child.poll()
            time.sleep(POLL_S)
        if not group_lives(child.pid):
            return


def group_lives(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The keeper ends the engine, with all its children, when its owner goes."""

import os
import signal
import subprocess
import sys
import time

import psutil

# An engine with a child of its own; both would live for ever.
ENGINE = """
import subprocess, sys, time
subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', '{mark}'])
time.sleep(600)
"""
OWNER = """
import subprocess, sys, time
command = [sys.executable, "-m", "server.keeper", sys.executable, "-c", {engine!r}, {mark!r}]
subprocess.Popen(command, stdin=subprocess.PIPE)
time.sleep(600)
"""


def marked(mark):
    return [p for p in psutil.process_iter(["cmdline"]) if mark in (p.info["cmdline"] or [])]


def wait_for(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_nothing_is_left_after_kill_9():
    mark = f"candor-test-{os.getpid()}"
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(engine=ENGINE.format(mark=mark), mark=mark)],
        start_new_session=True,
    )
    wait_for(lambda: len(marked(mark)) >= 3)
    os.kill(owner.pid, signal.SIGKILL)
    owner.wait()
    wait_for(lambda: not marked(mark))

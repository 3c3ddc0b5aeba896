"""A server that replies as a test says, well or badly."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.benchmark.judge.cases import MENTION


class JudgeServer:
    """Gives the `replies` in turn, then the last one again; a reply is a function of the request's handler."""

    def __init__(self, server):
        self.url = f"http://127.0.0.1:{server.server_port}/v1"
        self.replies = [say(json.dumps(MENTION))]
        self.bodies = []
        self.headers = []
        self.times = []
        self.under_way = 0
        self.most_under_way = 0
        self.over = threading.Event()
        self.lock = threading.Lock()

    def handle(self, handler):
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        with self.lock:
            self.bodies.append(body)
            self.headers.append(dict(handler.headers))
            self.times.append(time.monotonic())
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        try:
            reply(handler, body)
        finally:
            with self.lock:
                self.under_way -= 1

    @property
    def data(self):
        """The case in the last request."""
        return json.loads(self.bodies[-1]["messages"][1]["content"])


def send(handler, status, body, **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body.encode())


def say(content, finish_reason="stop", **message):
    """A chat completion with this content."""
    choice = {"message": {"role": "assistant", "content": content, **message}, "finish_reason": finish_reason}
    return lambda handler, body: send(handler, 200, json.dumps({"choices": [choice]}))


def fail(status, body="busy", **headers):
    return lambda handler, _: send(handler, status, body, **headers)


@contextmanager
def run_server():
    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True  # head and body leave at once, not 40 ms apart

        def do_POST(self):
            judge_server.handle(self)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    judge_server = JudgeServer(server)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield judge_server
    judge_server.over.set()
    server.shutdown()
    server.server_close()
    thread.join(5)

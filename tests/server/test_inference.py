"""Starting an engine: clear words when it cannot be done."""

import sys

import pytest

from server import inference
from server.inference import EngineOptions, InferenceError, serve_model


def test_missing_vllm_says_what_to_do(monkeypatch):
    monkeypatch.setattr(inference.importlib.util, "find_spec", lambda name: None)
    expected = pytest.raises(InferenceError, match=r"vLLM is not installed.*make setup.*--endpoint")
    with expected, serve_model("x", "x", EngineOptions()):
        pass


def test_engine_that_dies_shows_its_last_lines(monkeypatch):
    command = [sys.executable, "-c", "print('loading'); raise SystemExit('weights are corrupt')"]
    monkeypatch.setattr(inference, "build_command", lambda *_: (command, inference.os.environ.copy()))
    monkeypatch.setattr(inference.importlib.util, "find_spec", lambda name: object())
    with pytest.raises(InferenceError, match="weights are corrupt"), serve_model("x", "x", EngineOptions()):
        pass


def test_cpu_command_guards_against_split_prompts(monkeypatch):
    monkeypatch.setattr(inference, "find_gpus", lambda: ())
    command, environment = inference.build_command("m", "n", 1234, EngineOptions(max_model_len=2048))
    assert "--no-enable-chunked-prefill" in command
    assert command[command.index("--max-model-len") + 1] == "2048"
    assert int(command[command.index("--max-num-batched-tokens") + 1]) >= 2048
    assert int(environment["VLLM_CPU_KVCACHE_SPACE"]) >= 1


SERVER = """
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def test_no_proxy_stands_before_an_engine_of_our_own(monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr(inference, "START_TIMEOUT_S", 15.0)
    monkeypatch.setattr(inference.importlib.util, "find_spec", lambda name: object())
    environment = inference.os.environ.copy()
    monkeypatch.setattr(
        inference, "build_command", lambda _, __, port, ___: ([sys.executable, "-c", SERVER, str(port)], environment)
    )
    with serve_model("x", "x", EngineOptions()) as engine:
        assert not engine.died()

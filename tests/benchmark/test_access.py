"""Addresses and keys: what is refused, what is never shown, and which servers no proxy stands before."""

import asyncio

import pytest
from rich.console import Console

from benchmark.access import is_local, show_body
from benchmark.endpoint import EndpointError, ModelAddress, gather_info
from candor.plan import OptionError, RunOptions
from candor.run import ServerOptions, run

KEY = "sk-very-secret-0123456789"
OPTIONS = RunOptions(languages=("en",), hints=("metadata",), limit=1)
NOBODY = "http://127.0.0.1:9"


def test_a_refusal_that_repeats_the_key_is_shown_without_it(fake_server, db, monkeypatch, capsys):
    monkeypatch.setenv("MY_KEY", f"{KEY}\n")
    fake_server.refuse, fake_server.refusal = lambda prompt: True, f"{'x' * 390} bad key: Bearer {KEY}"
    result = run("fake", OPTIONS, ServerOptions(fake_server.url, "MY_KEY"), db, Console(width=600))
    assert result.refused == 3
    assert fake_server.authorisations == {f"Bearer {KEY}"}, "a line's end is no part of the key"
    said = capsys.readouterr().out
    assert "HTTP 400" in said
    assert "sk-" not in said


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (f"no {KEY}", "'no ***'"),
        ("Authorization: Bearer sk-other", "'Authorization: Bearer ***'"),
        ("a\x1b[31m\nb", "'a\\x1b[31m\\nb'"),
    ],
)
def test_a_body_is_shown_on_one_line_without_keys(body, shown):
    assert show_body(body.encode(), KEY) == shown


@pytest.mark.parametrize("key", ["", " \n", "sk-sécret", "sk-\nsecret"])
def test_an_unusable_key_is_named_not_shown(db, monkeypatch, key):
    monkeypatch.setenv("MY_KEY", key)
    with pytest.raises(OptionError, match="--api-key-env MY_KEY") as caught:
        run("fake", OPTIONS, ServerOptions(NOBODY, "MY_KEY"), db, Console(quiet=True))
    assert "sk-" not in str(caught.value)


@pytest.mark.parametrize(
    "endpoint",
    ["localhost:8000/v1", "ftp://host/v1", "http://u:hush@h/v1", "http://h/v1?key=hush", "http://h:x/", "http://"],
)
def test_an_unusable_address_is_refused_and_not_shown(db, endpoint):
    with pytest.raises(EndpointError, match=r"^--endpoint ") as caught:
        run("fake", OPTIONS, ServerOptions(endpoint), db, Console(quiet=True))
    assert "hush" not in str(caught.value)
    with pytest.raises(EndpointError) as caught:
        ModelAddress(endpoint, "m")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://127.8.9.1/v1", True),
        ("http://localhost/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://0.0.0.0:8000/v1", True),
        ("http://localhost.example.org/v1", False),
        ("https://api.example.org/v1", False),
        ("http://10.0.0.1/v1", False),
    ],
)
def test_local_addresses(address, local):
    assert is_local(address) is local


def test_no_proxy_stands_before_a_local_server(fake_server, monkeypatch):
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, NOBODY)
    assert asyncio.run(gather_info(ModelAddress(fake_server.url, "fake")))["id"] == "fake"

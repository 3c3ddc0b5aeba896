"""Addresses and keys of servers: what is usable, and how nothing secret of them is ever shown."""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import urlsplit

from benchmark.failures import EndpointError

SHOWN_BODY = 400
HIDDEN = "***"
# A server or a proxy may repeat a key that is not ours, too.
BEARER = re.compile(r"\b(Bearer|Basic)\s+[^\s\"',;}]+", re.IGNORECASE)


def read_key(variable: str | None) -> str | None:
    """The API key in an environment variable, less the white space around it; None where none is needed.

    Raises:
        EndpointError: the variable is empty, or holds what cannot be sent in a header.
    """
    if variable is None:
        return None
    key = os.environ.get(variable, "").strip()
    if not key:
        raise EndpointError(f"the environment variable {variable}, which should hold the key, is empty.")
    if not (key.isascii() and key.isprintable()):
        # Said here and without the key: the HTTP library's own error would show it.
        raise EndpointError(f"the environment variable {variable} holds signs that no key can have.")
    return key


def check_address(name: str, address: str) -> None:
    """Refuse an address that cannot be used, or that holds a secret.

    Args:
        name: what the address is called where it was given.
        address: a server's, usually ending in /v1.

    Raises:
        EndpointError: nothing of the address is shown: it may be the very place where a password stands.
    """
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable:
        raise EndpointError(f"{name} is no http or https address, such as http://localhost:8000/v1.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise EndpointError(
            f"{name} holds a password or parameters. Give the plain address, "
            "put the key in an environment variable and name that variable."
        )


def is_local(address: str) -> bool:
    """Whether an address is this machine's own: no proxy can reach a server there."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified


def hide_key(text: str, key: str | None) -> str:
    """A text from a server without the key: servers like to repeat one that they refuse."""
    if key:
        text = text.replace(key, HIDDEN)
    return BEARER.sub(rf"\1 {HIDDEN}", text)


def show_body(body: bytes | bytearray, key: str | None, most: int = SHOWN_BODY) -> str:
    """The beginning of what a server said, on one line and without the key."""
    return repr(hide_key(body.decode("utf-8", "replace"), key)[:most])

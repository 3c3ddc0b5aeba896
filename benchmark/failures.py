"""What may go wrong with a model's server: what ends a run, what one request alone, when many are an outage."""

from __future__ import annotations

# So many failures of the server in a row, each after all its retries, and it is not asked again.
GIVE_UP = 8


class EndpointError(Exception):
    """The server cannot be used at all; the message says why and what to do."""


class RequestFailed(EndpointError):
    """The server failed at this one request every time; others may fare better."""


class RequestRefused(Exception):
    """The server refused this one request (a 4xx); asking again will not help."""


class Transient(Exception):
    """A failure that asking again may mend."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Outage:
    """Counts a server's failures in a row, over all workers: one may be its request's, many are the server's."""

    def __init__(self, server: str, advice: str = "") -> None:
        self._server = server
        self._advice = advice
        self._row = 0

    def note(self, failure: Exception | None) -> None:
        """Count a failure, or with None a reply of any kind.

        Raises:
            EndpointError: that was one too many.
        """
        self._row = self._row + 1 if failure else 0
        if self._row >= GIVE_UP:
            raise EndpointError(f"{self._server} failed {GIVE_UP} times in a row ({failure}).{self._advice}")

"""What goes wrong in an audit by the user's making."""

from __future__ import annotations


class AuditError(ValueError):
    """A draw, a sheet or a label that cannot be used; the message names the place, the value and the mend."""

"""The one way the server says no."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer that is not `ok`: its HTTP status, description and `parameters`."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> dict[str, Any]:
        """Return the JSON body that Telegram sends with this status."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(description: str) -> Refusal:
    """Return the 400 with Telegram's prefix."""
    return Refusal(400, f"Bad Request: {description}")

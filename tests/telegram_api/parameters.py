"""The parameters of a call, out of any body that Telegram takes."""

from __future__ import annotations

import email.parser
import email.policy
import json
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from tests.telegram_api.refusal import Refusal, bad_request

Shape = TypeVar("Shape", list[Any], dict[str, Any])


def read_parameters(query: str, content_type: str, body: bytes) -> dict[str, str]:
    """Return every parameter as text, in the JSON form that Telegram reads.

    They come in the query, as a form, as multipart or as JSON; an uploaded file is named only.
    """
    given = dict(parse_qsl(query, keep_blank_values=True))
    kind = content_type.partition(";")[0].strip().lower()
    if not body:
        return given
    if kind == "application/json":
        try:
            values = json.loads(body)
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(values, dict):
            raise bad_request("object expected")
        given.update((name, _as_text(value)) for name, value in values.items())
    elif kind == "multipart/form-data":
        head = f"Content-Type: {content_type}\r\n\r\n".encode()
        message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
        for part in message.iter_parts():
            name = part.get_param("name", header="content-disposition")
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            given[str(name)] = part.get_filename() or payload.decode()
    elif kind == "application/x-www-form-urlencoded":
        given.update(parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True))
    else:
        raise Refusal(400, f"Bad Request: unsupported content type {kind!r}")
    return given


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


class Parameters:
    """The parameters of one call, read with the type that each must have."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as it came."""
        return self._given.get(name, default)

    def integer(self, name: str, default: int = 0) -> int:
        """Return a whole number; anything else is refused."""
        value = self._given.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an Integer') from None

    def boolean(self, name: str) -> bool:
        """Return a truth value in one of the spellings that Telegram knows."""
        value = self._given.get(name, "").lower()
        if value not in ("", "true", "yes", "1", "false", "no", "0"):
            raise bad_request(f'parameter "{name}" must be a Boolean')
        return value in ("true", "yes", "1")

    def json(self, name: str, shape: type[Shape]) -> Shape | None:
        """Return a JSON-encoded list or object, or None when it is absent."""
        value = self._given.get(name)
        if value is None or value == "":
            return None
        try:
            decoded = json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None
        if not isinstance(decoded, shape):
            expected = "Array" if shape is list else "Object"
            raise bad_request(f"{expected} expected as {name}")
        return decoded

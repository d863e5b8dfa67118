"""The JSON Schema of `faq.yaml`, with which editors complete and explain as people type."""

from __future__ import annotations

import json
from typing import Any

from bot.faq.models import Faq

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest draft that editors' YAML support knows in full."""


def faq_schema() -> str:
    """The schema as JSON text with a line end."""
    schema = _draft_07(Faq.model_json_schema())
    return json.dumps({"$schema": DRAFT, **schema}, indent=2, ensure_ascii=False) + "\n"


def _draft_07(node: Any) -> Any:
    """Turn a part of a schema of draft 2020-12, as pydantic makes it, into draft 7.

    Draft 7 keeps its definitions elsewhere, and ignores whatever stands beside a `$ref`. Empty
    values go too: the reader of `faq.yaml` refuses them.
    """
    if isinstance(node, list):
        return [_draft_07(each) for each in node]
    if not isinstance(node, dict):
        return node
    if "properties" in node:
        named = {name: _draft_07(each) for name, each in node["properties"].items()}
        node = {**node, "properties": named}
        rest = {key: _draft_07(each) for key, each in node.items() if key != "properties"}
        return _without_titles({**rest, "properties": named})
    node = {key: _draft_07(each) for key, each in node.items()}
    if "$defs" in node:
        node["definitions"] = node.pop("$defs")
    if "anyOf" in node:
        wanted = [each for each in node.pop("anyOf") if each != {"type": "null"}]
        node = {**wanted[0], **node} if len(wanted) == 1 else {"anyOf": wanted, **node}
    if node.get("default", "") is None:
        del node["default"]
    if "$ref" in node:
        reference = {"$ref": node.pop("$ref").replace("#/$defs/", "#/definitions/")}
        node = {"allOf": [reference], **node} if node else reference
    return _without_titles(node)


def _without_titles(node: dict[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in node.items() if key != "title"}

"""The JSON Schema that editors use: draft 7, current, and in agreement with the models."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, FormatChecker
from typer.testing import CliRunner

from bot.cli import app
from bot.faq.schema import DRAFT, faq_schema
from bot.faq.shipped import shipped_folder

SCHEMA = json.loads(faq_schema())
VALIDATOR = Draft7Validator(SCHEMA, format_checker=FormatChecker())
ENTRY = {
    "id": "wax",
    "title": "Wax",
    "questions": ["How?"],
    "answer": "Rub it in.",
    "referral": {"to": "technician", "when": "soon"},
}


def faq(**changes: Any) -> dict[str, Any]:
    kept = {key: value for key, value in (ENTRY | changes).items() if value != "left out"}
    return {"title": "Floors", "entries": [kept]}


def parts(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *(part for each in node.values() for part in parts(each))]
    return [part for each in node for part in parts(each)] if isinstance(node, list) else []


def test_the_command_prints_the_schema_that_is_in_the_folder() -> None:
    printed = CliRunner().invoke(app, ["schema"]).stdout
    assert printed == faq_schema()
    assert printed == (shipped_folder() / "faq.schema.json").read_text(encoding="utf-8")


def test_it_is_draft_7() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == DRAFT
    newer = {"$defs", "prefixItems", "dependentRequired", "unevaluatedProperties"}
    for part in parts(SCHEMA):
        assert not newer & part.keys()
        if "$ref" in part:
            assert part["$ref"].startswith("#/definitions/")
            assert len(part) == 1, "draft 7 ignores what stands beside a $ref"


def test_the_shipped_faq_agrees_with_it() -> None:
    text = (shipped_folder() / "faq.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=faq.schema.json\n")
    content = yaml.safe_load(text)
    for each in content["entries"]:
        if isinstance(each.get("reviewed"), datetime.date):
            each["reviewed"] = each["reviewed"].isoformat()
    assert [error.message for error in VALIDATOR.iter_errors(content)] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "risks"},
        {"tilte": "Wax"},
        {"questions": []},
        {"questions": "How?"},
        {"id": "two words"},
        {"what_to_do": None},
        {"answer": ""},
        {"referral": {"to": "doctor"}},
        {"referral": "left out"},
        {"usually": {"text": "It dries.", "settles_within_days": -1}},
        {"reviewed": "31 January"},
    ],
)
def test_it_refuses_what_the_loader_refuses(changes: dict[str, Any]) -> None:
    VALIDATOR.validate(faq())
    assert not VALIDATOR.is_valid(faq(**changes))


def test_every_key_is_explained_and_has_an_example() -> None:
    groups = [SCHEMA, *SCHEMA["definitions"].values()]
    keys = {
        f"{group['title']}.{name}": key
        for group in groups
        for name, key in group["properties"].items()
    }
    assert len(keys) > 25
    assert [name for name, key in keys.items() if not key.get("description")] == []
    plain = {name: key for name, key in keys.items() if "definitions" not in json.dumps(key)}
    assert [name for name, key in plain.items() if not key.get("examples")] == []


def test_every_example_is_valid() -> None:
    for part in parts(SCHEMA):
        if isinstance(part.get("examples"), list):
            validator = Draft7Validator({**part, "definitions": SCHEMA["definitions"]})
            for example in part["examples"]:
                validator.validate(example)

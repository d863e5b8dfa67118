"""The JSON Schema of `faq.yaml`, with which editors complete and explain as people type."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.faq.models import Faq
from bot.faq.packaged import packaged

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The newest draft that editors' YAML support knows in full."""


def faq_schema() -> str:
    """Write the schema as JSON, with an end of line."""
    schema = Faq.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Draft7)
    schema["definitions"] = schema.pop("$defs")
    schema["definitions"]["Entry"]["required"].append("referral")  # without it none is served
    told = packaged("schema.yaml")
    for model in (schema, *schema["definitions"].values()):
        for name, key in model["properties"].items():
            model["properties"][name] = dict(sorted((key | told[model["title"]][name]).items()))
    return json.dumps({"$schema": DRAFT} | _references_alone(schema), indent=2) + "\n"


class _Draft7(GenerateJsonSchema):
    """Leaves out what pydantic adds and a person would not write: empty values and titles."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") in (None, ()):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def _references_alone(node: Any) -> Any:
    """Draft 7 ignores what is beside a `$ref`, so the reference gets a place of its own."""
    if isinstance(node, list):
        return [_references_alone(each) for each in node]
    if not isinstance(node, dict):
        return node
    node = {key: _references_alone(each) for key, each in node.items()}
    if "$ref" in node and len(node) > 1:
        node["allOf"] = [{"$ref": node.pop("$ref")}]
    return node

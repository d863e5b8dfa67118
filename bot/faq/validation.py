"""Fits what was read into the models, and puts what does not fit in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, RootModel, ValidationError

from bot.faq.problems import Problem
from bot.faq.source import Source, Trail

_Model = TypeVar("_Model", bound=BaseModel)
_KINDS: dict[type, str] = {str: "a text", tuple: "a list", dict: "a group of keys"}
_PATTERNS = {
    "https?": "not-an-address",
    "A-Z]{2": "bad-name",
    "a-f": "bad-mark",
    "[a-z]{2": "bad-code",
    "title": "no-title",
    "": "bad-id",
}
"""By a part of the pattern that a text does not fit: the rule."""


def validate(source: Source, model: type[_Model]) -> tuple[_Model | None, tuple[Problem, ...]]:
    """Make the model of a file, or say every reason why it cannot be made.

    What the reader has reported is not reported again.
    """
    try:
        return model.model_validate(source.value), ()
    except ValidationError as fault:
        return None, tuple(_problems(fault, source, model))


def unfinished(source: Source, model: type[BaseModel]) -> Source:
    """Add the problem that a file ends in the middle of the last item of its last list.

    Such a file is not `whole`: what it lacks is no fault of what names it.
    """
    trail: Trail = ()
    value, inside = source.value, model
    while isinstance(value, dict) and value:
        *_, key = value
        field = inside.model_fields.get(key)
        inner = _model_within(field.annotation) if field else None
        items = value[key]
        if inner is None or not isinstance(items, tuple) or not items:
            break
        trail, value, inside = (*trail, key, len(items) - 1), items[-1], inner
        if isinstance(value, str) and source.lines[-1].strip():
            value = {}  # the file ends within the first key of the item
        if isinstance(value, dict) and (lost := _lost(value, inside)):
            named = (f"`{name}`" for name in value.values() if isinstance(name, str))
            place = source.place(trail)
            above = (each for each in source.problems if each.line < place.line)
            item = next(named, "an item")
            problem = source.fault(place, "cut-off", item=item, lost=_list(lost))
            faulty = source.faulty | {trail}
            return replace(source, problems=(*above, problem), faulty=faulty, whole=False)
    return source


def nearest(word: str, choices: Sequence[str]) -> str | None:
    """The choice that `word` is most likely a misspelling of, if any."""
    from rapidfuzz import fuzz, process, utils

    found = process.extractOne(
        word, choices, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=65
    )
    return found[0] if found else None


def _lost(item: dict[str, Any], model: type[BaseModel]) -> list[str]:
    """The keys that an item needs and that would stand below its last one."""
    names = list(model.model_fields)
    if not set(item) <= set(names):
        return []  # a key that is misspelt may be the one that is not there
    below = names[max(map(names.index, item), default=-1) + 1 :]
    return [each for each in below if model.model_fields[each].is_required() or each == "referral"]


def _problems(fault: ValidationError, source: Source, model: type[BaseModel]) -> Iterator[Problem]:
    errors = [
        (trail, error)
        for error in fault.errors(include_url=False)
        if (trail := error["loc"]) or source.whole
        if not any(trail[:depth] in source.faulty for depth in range(len(trail) + 1))
    ]
    misspelt: set[Trail] = set()
    for trail, error in errors:
        if error["type"] == "extra_forbidden":
            key, keys = str(trail[-1]), _keys(model, trail[:-1])
            meant = nearest(key, keys)
            if meant:
                misspelt.add((*trail[:-1], meant))
            place = source.key_place(trail)
            yield source.fault(place, "unknown-key", meant=meant, key=key, keys=_list(keys))
    for trail, error in errors:
        hidden = error["type"] == "missing" and _may_be_hidden(trail, source)
        told = None if hidden or trail in misspelt else _told(trail, error)
        if told:
            yield source.fault(trail, told[0], **told[1])


def _may_be_hidden(trail: Trail, source: Source) -> bool:
    """Whether a fault that was reported may be why the key at `trail` is missing."""
    if len(trail) == 1:
        return not source.whole
    group = source.place(trail[:-1])
    lines = (each.line for each in source.problems if each.level == "error")
    return any(group.line <= line <= group.end_line for line in lines)


def _told(trail: Trail, error: Any) -> tuple[str, dict[str, Any]] | None:
    """The kind of a pydantic error, and its values; None when others say it already."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    name = f"`{trail[-1]}`" if trail and isinstance(trail[-1], str) else "this"
    written = f"`{value}`" if isinstance(value, str) else _described(value)
    match kind:
        case "extra_forbidden":
            return None
        case "missing":
            where = "here" if len(trail) > 1 else "in this file"
            return "missing-key", {"key": trail[-1], "where": where}
        case "string_type" if isinstance(value, dict) and len(value) == 1:
            return "needs-quotes", {"key": next(iter(value))}
        case "string_type":
            return "wrong-type/text", {"value": _described(value)}
        case "string_too_short":
            return "empty-text", {}
        case "string_pattern_mismatch" if " - " in value:
            return "dash-in-text", {"what": "one"}
        case "string_pattern_mismatch":
            kinds = (kind for part, kind in _PATTERNS.items() if part in context["pattern"])
            return next(kinds), {"value": value}
        case "too_short" if len(value) >= context["min_length"]:
            return None  # items of it are faulty, and each of them is reported
        case "too_short":
            return "short-list" if value else "empty-list", {"least": context["min_length"]}
        case "literal_error":
            choices = re.findall("'([^']*)'", context["expected"])
            meant = nearest(value, choices) if isinstance(value, str) else None
            values = {"meant": meant, "name": name, "value": written, "choices": _list(choices)}
            return "unknown-value", values
        case "tuple_type" | "model_type":
            return f"wrong-type/{kind.removesuffix('_type')}", {"value": _described(value)}
        case "greater_than_equal" | "less_than_equal":
            return "out-of-range", {"value": value}
    if (wanted := kind.partition("_")[0]) in ("int", "date"):
        return f"wrong-type/{wanted}", {"value": written}
    return "wrong-value", {"why": str(error["msg"]).removeprefix("Value error, ")}


def _described(value: object) -> str:
    return _KINDS.get(type(value), "nothing")


def _list(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _keys(model: type[BaseModel], trail: Trail) -> list[str]:
    """The keys that the models allow in the group at `trail`."""
    for part in ("root", *trail) if issubclass(model, RootModel) else trail:
        if isinstance(part, str):
            model = _model_within(model.model_fields[part].annotation) or model
    return list(model.model_fields)


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_within, get_args(annotation))), None)

"""Fits what was read into the models, and puts what does not fit in plain words."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, RootModel, ValidationError

from bot.faq.building import Misread, Trail
from bot.faq.problems import Problem
from bot.faq.reading import Source

_Model = TypeVar("_Model", bound=BaseModel)
_Words = tuple[str, str, str]
"""The rule that was broken, the message and the hint."""

_TYPES = {
    "tuple_type": (
        "a list belongs",
        "Put each item on a line of its own, after a dash and a space.",
    ),
    "model_type": ("keys belong", "Write keys with a colon, such as `title: Side effects`."),
    "int_type": ("a whole number belongs", "Write digits only, without quotes."),
    "date_type": ("a date belongs", "Write year-month-day without quotes, such as 2026-01-31."),
}
"""What belongs in the place of a value of another type, and how it is written."""
_KINDS: dict[type, str] = {
    str: "a text",
    tuple: "a list",
    dict: "a group of keys",
    int: "a number",
    float: "a number",
    datetime.date: "a date",
}
_PATTERNS = (
    ("https?", "not-an-address", "is not a web address",
     "It begins with https:// and has no spaces."),
    ("A-Z]{2", "bad-name", "cannot be the name of a list of words",
     "Use capital letters only, such as THROAT."),
    ("a-f", "bad-mark", "is not the mark of a text",
     "Copy the whole mark from the page of `smp-bot review`."),
    ("[a-z]{2", "bad-code", "is not the code of a language",
     "Use two or three small letters, such as es."),
    ("", "bad-id", "cannot be an id",
     "Use letters, digits, - and _ only, at most 56 of them, such as blue-dots."),
)  # fmt: skip
"""By a part of the pattern that a text does not fit: the rule, the message and the hint."""


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
            called = next(
                (f"`{name}`" for name in value.values() if isinstance(name, str)), "an item"
            )
            message = f"the file ends in the middle of {called}, without {_list(lost)}"
            hint = "Write what is missing. If the end of the file was lost, fetch it again."
            place = source.place(trail)
            above = (each for each in source.problems if each.line < place.line)
            problem = source.problem(place, "cut-off", message, hint)
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
            hint = (
                f"Did you mean `{meant}`?"
                if meant
                else f"Keys that can stand here: {_list(keys)}."
            )
            message = f"`{key}` is not a key that can stand here"
            yield source.problem(source.key_place(trail), "unknown-key", message, hint)
    for trail, error in errors:
        hidden = error["type"] == "missing" and _may_be_hidden(trail, source)
        if not hidden and trail not in misspelt and (words := _words(trail, error, source)):
            yield source.problem(source.place(trail), *words)


def _may_be_hidden(trail: Trail, source: Source) -> bool:
    """Whether a fault that was reported may be why the key at `trail` is missing."""
    if len(trail) == 1:
        return not source.whole
    group = source.place(trail[:-1])
    lines = (each.line for each in source.problems if each.level == "error")
    return any(group.line <= line <= group.end_line for line in lines)


def _words(trail: Trail, error: Any, source: Source) -> _Words | None:
    """A pydantic error in plain words; None when it says nothing that others do not."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    name = f"`{trail[-1]}`" if trail and isinstance(trail[-1], str) else "this"
    match kind:
        case "extra_forbidden":
            return None
        case "missing":
            where = "here" if len(trail) > 1 else "in this file"
            hint = f"Add a line that begins with `{trail[-1]}:`."
            return "missing-key", f"{name} is missing {where}", hint
        case "string_type":
            return _not_text(value, source.bare.get(trail))
        case "string_too_short":
            return "empty-text", "this text is empty", "Write the text between the quotes."
        case "string_pattern_mismatch" if " - " in value:
            message = "the line below begins with a dash, and is read as part of this one"
            return "dash-in-text", message, "Put its dash right under the dash above."
        case "string_pattern_mismatch":
            found = (each for each in _PATTERNS if each[0] in context["pattern"])
            _, rule, message, hint = next(found)
            return rule, f"`{value}` {message}", hint
        case "too_short" if len(value) >= context["min_length"]:
            return None  # items of it are faulty, and each of them is reported
        case "too_short" if not value:
            return "empty-list", "this list is empty", "Add an item, or delete the key."
        case "too_short":
            message = f"this list needs {context['min_length']} items"
            return "short-list", message, "Add the missing items."
        case "literal_error":
            choices = re.findall("'([^']*)'", context["expected"])
            meant = nearest(value, choices) if isinstance(value, str) else None
            shown = f"`{value}`" if isinstance(value, str) else _described(value)
            hint = (
                f"Did you mean `{meant}`?" if meant else f"Choose one of these: {_list(choices)}."
            )
            return "unknown-value", f"{name} cannot be {shown}", hint
        case "tuple_type" | "model_type" | "int_type" | "date_type":
            meant, hint = _TYPES[kind]
            return "wrong-type", f"{meant} here, and not {_described(value)}", hint
        case "greater_than_equal" | "less_than_equal":
            return "out-of-range", f"{value} is out of range here", "Check the number."
    message = str(error["msg"]).removeprefix("Value error, ")
    return "wrong-value", message, "See how the lines beside it are written."


def _not_text(value: Any, raw: str | None) -> _Words:
    if isinstance(value, Misread | int | float | datetime.date):
        raw, what = value if isinstance(value, Misread) else (raw, _described(value))
        hint = f'Put quotes round it: "{raw}".'
        return "needs-quotes", f"`{raw}` is read as {what}, not as text", hint
    if isinstance(value, dict) and len(value) == 1:
        message = f"the colon after `{next(iter(value))}` makes a key of it, and not a text"
        return "needs-quotes", message, "Put double quotes round the whole text."
    hint = "Write one text. If brackets or a colon belong to it, put double quotes round it all."
    return "wrong-type", f"a text belongs here, and not {_described(value)}", hint


def _described(value: object) -> str:
    if isinstance(value, Misread):
        return f"`{value.raw}` ({value.taken_for})"
    return _KINDS.get(type(value), "nothing")


def _list(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _keys(model: type[BaseModel], trail: Trail) -> list[str]:
    """The keys that the models allow in the group at `trail`."""
    for part in ("root", *trail) if issubclass(model, RootModel) else trail:
        if isinstance(part, str):
            inner = _model_within(model.model_fields[part].annotation)
            if inner is None:
                return []
            model = inner
    return list(model.model_fields)


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_within, get_args(annotation))), None)

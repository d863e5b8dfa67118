"""Builds plain values from YAML, with the place of every key and value.

What makes one part of a file stand for another is refused before anything is built: so no file
can grow on being read.
"""

from __future__ import annotations

from typing import Any

import yaml

from bot.faq.problems import Problem, ProblemsError
from bot.faq.source import Place, Source, Trail

MAX_DEPTH = 40
"""Lists within lists; the deepest that a FAQ has is 6. A parser's time grows with the square."""
NOTHING = ("", "~", "null", "Null", "NULL")
"""What YAML takes for no value, where it stands without quotes."""


class Building:
    """Builds the value of a file, and notes in its `Source` the places and faults."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.problems: list[Problem] = []
        self.last_scalar: yaml.ScalarEvent | None = None

    def value(self, text: str, parser: Any) -> Any:
        """Read the text of the file.

        Raises:
            yaml.MarkedYAMLError: what is no YAML.
            ProblemsError: what YAML allows and a FAQ may not have; one problem.
        """
        depth = documents = 0
        for event in yaml.parse(text, Loader=parser):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                self._refuse(event, "too-deep")
            if isinstance(event, yaml.NodeEvent):
                self._refuse_marks(event)
            if isinstance(event, yaml.ScalarEvent):
                self.last_scalar = event
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents == 2 and isinstance(event, yaml.DocumentStartEvent):
                self._fault(_place(event), (), "several-documents")
        root = next(yaml.compose_all(text, Loader=parser), None)
        value = self._built(root, ()) if root else None
        if value is None:
            self._fault(Place(1, 1, 1), (), "empty-file")
        return value

    def _refuse_marks(self, event: Any) -> None:
        """Refuse what stands for another part of a file, or gives YAML an instruction."""
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "no-reuse/alias", name=event.anchor)
        if event.anchor:
            self._refuse(event, "no-reuse/anchor", name=event.anchor)
        if event.tag is not None:
            self._refuse(event, "no-tags", name=event.tag.replace("tag:yaml.org,2002:", "!!"))

    def _built(self, node: Any, trail: Trail) -> Any:
        self.source.values[trail] = _place(node)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._built(each, (*trail, n)) for n, each in enumerate(node.value))
        if isinstance(node, yaml.ScalarNode):
            return self._text(node, trail)
        group: dict[str, Any] = {}
        keys = self.source.keys
        for key, value in node.value:
            name, here = key.value, (*trail, key.value)
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "bad-key")
            if name == "<<" and not key.style:
                self._refuse(key, "no-reuse/merge")
            if name in group:
                # The first one counts; what the second holds is still read for its faults.
                again = (*trail, f"{name} again")
                line = keys[here].line
                self._fault(_place(key), again, "duplicate-key", name=name, line=line)
                self._built(value, again)
            else:
                keys[here] = _place(key)
                group[name] = self._built(value, here)
        return group

    def _text(self, node: yaml.ScalarNode, trail: Trail) -> str | None:
        """A text, whatever YAML takes a bare word for; nothing, which is a fault."""
        if node.style:
            return str(node.value)
        if node.value not in NOTHING:
            self.source.bare[trail] = node.value
            return str(node.value)
        if trail:
            key = self.source.keys.get(trail)
            name = f"`{trail[-1]}`" if key else "this dash"
            kind = "no-value/null" if node.value else "no-value"
            if key and ":" in str(trail[-1]):
                kind = "space-after-colon/of-key"
            self._fault(key or _place(node), trail, kind, name=name)
        return None

    def _refuse(self, at: Any, kind: str, **values: Any) -> None:
        raise ProblemsError([self.source.fault(_place(at), kind, **values)])

    def _fault(self, place: Place, trail: Trail, kind: str, **values: Any) -> None:
        self.source.faulty.add(trail)
        self.problems.append(self.source.fault(place, kind, **values))


def _place(at: Any) -> Place:
    """The place of an event or node."""
    start, end = at.start_mark, at.end_mark
    return Place(start.line + 1, start.column + 1, end.line + 1)

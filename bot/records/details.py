"""What tells who somebody is: the patterns of `details.yaml` and the words of `names.yaml`."""

from __future__ import annotations

import re
from typing import Final

from bot.faq.packaged import packaged

_ROOM: Final = "bot.records"


def _filled(pattern: str) -> str:
    return re.sub(r"\{([a-z][a-z, ]+)\}", lambda found: _PIECES[found[1]], pattern)


_DETAILS: Final = packaged("details.yaml", _ROOM)
_PIECES: Final[dict[str, str]] = {}
for _name, _words in _DETAILS["words"].items():
    # Of two words that begin alike the longer one is tried first.
    _longest_first = sorted(_words.split(), reverse=True)
    _PIECES[_name] = "|".join(re.escape(each.replace("_", " ")) for each in _longest_first)
for _name, _piece in _DETAILS["pieces"].items():
    _PIECES[_name] = _filled(_piece)

RULES: Final = tuple(
    (mark, re.compile(_filled(pattern), re.IGNORECASE))
    for rule in _DETAILS["rules"]
    for mark, pattern in rule.items()
)
"""What is looked for, in order, each with the mark that is put in its place, or a check's name."""
SEEN: Final = {name: re.compile(_filled(each)) for name, each in _DETAILS["seen"].items()}
"""What stands beside a name, or tells that something is none, by what it is."""
NAMES: Final = {
    kind: frozenset(words.split()) for kind, words in packaged("names.yaml", _ROOM).items()
}
"""Words that are names: `always`, or `persons`, `places` and `surnames` where a name stands."""

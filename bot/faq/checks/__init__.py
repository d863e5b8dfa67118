"""The editorial rules: what a FAQ that loads must be like to be good for the people who ask.

A rule finds places; `check` makes problems of them. The manual of each rule is its docstring.
"""

from __future__ import annotations

from bot.faq.checks import entries, examples, length, origins, phrasings, wording
from bot.faq.checks.rules import Content, Rule
from bot.faq.problems import Problem, in_order

RULES: tuple[Rule, ...] = tuple(
    value
    for module in (entries, phrasings, examples, origins, wording, length)
    for value in vars(module).values()
    if isinstance(value, Rule)
)


def check(content: Content) -> tuple[Problem, ...]:
    """Every problem that the editorial rules find, in the order of the files."""
    problems = []
    for rule in RULES:
        for file, trail, message, hint, offset in rule.find(content):
            source = content.sources[file]
            place = source.place(trail)
            if offset:
                text = dict(source.texts(trail)).get(trail, "")
                place = source.word_place(trail, text.strip(), offset)
            problems.append(source.problem(place, rule.name, message, hint, rule.level))
    return in_order(problems)

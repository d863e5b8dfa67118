"""The editorial rules: what a FAQ that loads must be like to be good for the people who ask.

A rule finds places; `check` makes problems of them. The manual of each rule is its docstring.
"""

from __future__ import annotations

from dataclasses import replace

from bot.faq.checks import entries, examples, length, origins, phrasings, wording
from bot.faq.checks.rules import Content, Finding, Rule
from bot.faq.problems import Problem, in_order

RULES: tuple[Rule, ...] = tuple(
    value
    for module in (entries, phrasings, examples, origins, wording, length)
    for value in vars(module).values()
    if isinstance(value, Rule)
)


def check(content: Content) -> tuple[Problem, ...]:
    """Every problem that the editorial rules find, in the order of the files."""
    problems = [
        _problem(content, finding, rule.name) for rule in RULES for finding in rule.find(content)
    ]
    if any(each.rule == "bare-sign" for each in problems):  # that is why questions raise alerts
        problems = [each for each in problems if each.rule != "raises-alert"]
    return in_order(problems)


def notes(content: Content) -> tuple[tuple[Problem, ...], int]:
    """What `astray` finds among the examples, as notes in its order, and how many were asked."""
    found, asked = phrasings.astray(content)
    problems = (_problem(content, each, "phrasing-lands-elsewhere") for each in found)
    rule = "example-lands-elsewhere"
    return tuple(replace(each, rule=rule, level="note") for each in problems), asked


def _problem(content: Content, finding: Finding, rule: str) -> Problem:
    source = content.sources[finding.file]
    place = source.place(finding.trail)
    if finding.offset:
        text = dict(source.texts(finding.trail)).get(finding.trail, "")
        place = source.word_place(finding.trail, text.strip(), finding.offset)
    kind = f"{rule}/{finding.case}" if finding.case else rule
    return source.fault(place, kind, **finding.values)

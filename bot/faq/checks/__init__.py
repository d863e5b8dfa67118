"""The editorial rules: what a FAQ that loads must be like to be good for the people who ask.

What each rule asks, and why, stands in `docs/editing.md`; what is said of a fault, in
`problems.yaml`.
"""

from __future__ import annotations

from bot.faq.checks import entries, examples, length, origins, phrasings, wording
from bot.faq.checks.rules import Content
from bot.faq.problems import Problem

_MODULES = (entries, phrasings, examples, origins, wording, length)


def check(content: Content) -> list[Problem]:
    """Every problem that the editorial rules find."""
    problems = [
        problem for module in _MODULES for rule in module.RULES for problem in rule(content)
    ]
    if any(each.rule == "bare-sign" for each in problems):  # that is why questions raise alerts
        problems = [each for each in problems if each.rule != "raises-alert"]
    return problems

from __future__ import annotations

from bot.answering.context import Context
from bot.answering.reply import AnsweredEntry, RaisedAlert, Reply
from bot.evaluation.cases import Case
from bot.evaluation.evaluation import LIMITS, evaluate
from bot.faq.models import Alert, Entry

URGENT = RaisedAlert((Alert(name="today", level="urgent", message="Today."),))
ENTRIES = (
    Entry(id="redness", title="r", questions=("redness now", "redness"), answer="Yes."),
    Entry(id="itching", title="i", questions=("itching now", "itching"), answer="Yes."),
)


def by_title(text: str, context: Context) -> Reply:
    """Answers every entry whose id is a word of the question; `!` raises an alert."""
    found = [entry for entry in ENTRIES if entry.id in text.split()]
    return Reply(
        text,
        "answer" if found else "fallback",
        referral="",
        disclaimer="",
        alert=URGENT if "!" in text else None,
        answered=tuple(AnsweredEntry(entry, None) for entry in found),
        scores={entry.id: 0.9 for entry in found},
    )


def test_mistakes_are_listed_once_and_the_gravest_first() -> None:
    found = evaluate(
        [
            Case("redness", entries=("redness",)),
            Case("i am all pink", entries=("redness",)),
            Case("itching I mean", entries=("redness",)),
            Case("itching knee", entries=()),
            Case("redness with fever", alerts=("urgent",)),
            Case("wow!", alerts=("none",)),
        ],
        by_title,
    )
    assert [(each.measure, each.outcome.case.question) for each in found.mistakes] == [
        ("signs", "redness with fever"),
        ("wrong", "itching I mean"),
        ("out-of-scope-answered", "itching knee"),
        ("look-alikes", "wow!"),
        ("right-in-three", "i am all pink"),
    ]


def test_a_sign_that_was_missed_comes_before_one_at_the_wrong_level() -> None:
    found = evaluate(
        [
            Case("cant breathe!", alerts=("emergency",)),
            Case("cant breathe", alerts=("emergency",)),
        ],
        by_title,
    )
    assert [each.outcome.case.question for each in found.mistakes] == [
        "cant breathe",
        "cant breathe!",
    ]


def test_confusions_are_counted_the_most_frequent_first() -> None:
    wrong = Case("itching I mean", entries=("redness",))
    found = evaluate([Case("redness knee", entries=()), wrong, wrong], by_title)
    assert found.confusions == (("redness", "itching", 2), ("none", "redness", 1))


def test_typos_are_asked_and_their_loss_told() -> None:
    found = evaluate([Case("redness", entries=("redness",))], by_title)
    values = {figure.name: figure.value for figure in found.figures}
    assert (values["right"], values["typos"], values["typo-loss"]) == (1, 0, 1)
    assert abs(values["calibration-error"] - 0.1) < 1e-9


def test_every_figure_has_a_limit() -> None:
    found = evaluate(
        [
            Case("redness", entries=("redness",)),
            Case("knee", entries=()),
            Case("redness", entries=("redness",), after="itching"),
            Case("redness itching", entries=("redness", "itching"), asks_all=True),
            Case("redness", entries=("redness",), time_stated=True),
            Case("fever", alerts=("urgent",)),
            Case("bleeding", alerts=("emergency",)),
            Case("the end", alerts=("crisis",)),
            Case("wow redness", entries=("redness",), alerts=("none",)),
            Case("wow redness hm", entries=("redness",), alerts=("none",), rests_on="post"),
            Case("redness hm", entries=("redness",), rests_on="post"),
            Case("knee hm", entries=(), rests_on="topic"),
            Case("sangre", alerts=("emergency",), language="es"),
            Case("pelo", alerts=("none",), language="es"),
        ],
        by_title,
    )
    assert {each.limit for each in found.figures} == set(LIMITS)

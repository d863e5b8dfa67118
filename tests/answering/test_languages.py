"""Messages that are not in English: which language, which danger; and English left alone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.context import START, Context
from bot.answering.english import frequencies
from bot.answering.languages import LanguageDetector, Said
from bot.chat.rendering import plain
from bot.faq.models import Language

COMMON = sorted(word for word, zipf in frequencies().items() if zipf >= 4.5)
SPANISH = Language(
    code="es",
    name="Español",
    number="emergencias",
    reply="Solo puedo leer inglés. Llama al número de emergencias si no puedes respirar.",
    emergency="Llama ahora al número de emergencias.",
    crisis="Habla con alguien, o llama al número de emergencias.",
)
RUSSIAN = Language(
    code="ru",
    name="Русский",
    number="экстренной помощи",
    reply="Я читаю только по-английски. Звоните по номеру экстренной помощи.",
    emergency="Звоните по номеру экстренной помощи.",
    crisis="Вам нужен человек. Звоните по номеру экстренной помощи.",
)
SAID: dict[str, Said] = {
    "es": {
        "emergency": ("no puedo respirar", "se me hincha la cara", "no para de sangrar"),
        "crisis": ("quiero morirme", "no quiero vivir más"),
        "ordinary": (
            "cuánto cuesta la sesión",
            "puedo lavarme la cabeza mañana",
            "quiero una cita",
        ),
    },
    "ru": {
        "emergency": ("не могу дышать", "лицо опухло"),
        "crisis": ("хочу умереть",),
        "ordinary": ("сколько стоит", "можно ли мыть голову"),
    },
}
DETECTOR = LanguageDetector([SPANISH, RUSSIAN], SAID, ["scalp", "dots", "redness", "suicidal"])


def heard(text: str, code: str | None = None) -> tuple[str | None, str | None] | None:
    found = DETECTOR.hear(text, code)
    return found and (found.language.code if found.language else None, found.danger)


@pytest.mark.parametrize(
    ("text", "language", "danger"),
    [
        ("No puedo respirar!!", "es", "emergency"),
        ("no peudo repsirar", "es", "emergency"),
        ("Hola, me lo hice ayer y bien. Hoy se me hincha la cara", "es", "emergency"),
        ("Cuánto cuesta la sesión. No puedo respirar.", "es", "emergency"),
        ("ya no quiero vivir", "es", "crisis"),
        ("cuanto cuesta una sesion", "es", None),
        ("мне трудно, не могу дышать", "ru", "emergency"),
        ("я хочу умереть", "ru", "crisis"),
        ("сколько стоит?", "ru", None),
    ],
)
def test_a_message_is_heard_as_it_is_typed(text: str, language: str, danger: str | None) -> None:
    assert heard(text) == (language, danger)


@pytest.mark.parametrize(
    "text",
    [
        "is the redness normal",
        "my scalp is red, José did my dots",
        "suicidal",
        "no",
        "cafe owner here, my dots look blue",
        "i cnat breath",
        "12 000",
        "👍",
        "",
    ],
)
@pytest.mark.parametrize("code", [None, "en", "es", "ru"])
def test_english_and_what_has_no_words_are_left_alone(text: str, code: str | None) -> None:
    assert heard(text, code) is None


def test_a_script_that_no_language_is_written_in_is_another_language() -> None:
    assert heard("δεν μπορώ να αναπνεύσω") == (None, None)


@pytest.mark.parametrize("text", ["мы", "нет 12"])
def test_no_word_in_another_script_is_english_however_little_is_known_of_it(text: str) -> None:
    assert heard(text) is not None


def test_the_language_of_the_telephone_decides_in_doubt() -> None:
    catalan = SPANISH.model_copy(update={"code": "ca"})
    detector = LanguageDetector([SPANISH, catalan], SAID | {"ca": SAID["es"]}, [])
    for code in ("es", "ca", "ca-ES"):
        found = detector.hear("no puedo respirar", code)
        assert found is not None
        assert found.language is not None
        assert found.language.code == code[:2]


def test_without_languages_nothing_is_another_language() -> None:
    assert LanguageDetector([], SAID, []).hear("no puedo respirar") is None


def test_a_language_of_which_no_phrase_is_known_is_told_by_its_fixed_texts() -> None:
    found = LanguageDetector([SPANISH], {}, []).hear("no puedo respirar, llama a emergencias")
    assert found is not None
    assert (found.language, found.danger) == (SPANISH, None)


@given(st.lists(st.sampled_from(COMMON), min_size=1, max_size=12).map(" ".join))
def test_common_english_words_are_english_in_any_order(text: str) -> None:
    assert heard(text) is None


@given(st.text(max_size=60), st.none() | st.text(max_size=8))
def test_any_text_is_heard(text: str, code: str | None) -> None:
    DETECTOR.hear(text, code)


PHRASES = [
    (phrase, kind)
    for kind, phrases in SAID["es"].items()
    for phrase in phrases
    if kind != "ordinary"
]


@given(st.sampled_from(PHRASES), st.data())
@settings(max_examples=60)
def test_accents_capitals_and_one_swap_do_not_hide_a_danger(
    phrase: tuple[str, str], data: st.DataObject
) -> None:
    text, kind = phrase
    at = data.draw(st.integers(0, len(text) - 2))
    text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if c.isascii())
    assert heard(bare.upper()) == ("es", kind)


# -- As it is shipped -----------------------------------------------------------------------------


def test_an_alert_is_said_in_the_language_and_alone(answerer: Answerer) -> None:
    reply = answerer.answer("no puedo respirar")
    spanish = answerer.knowledge.languages.languages[0]
    assert (reply.kind, reply.language) == ("fallback", "es")
    assert reply.alert is not None
    assert (reply.alert.level, reply.alert.causes) == ("emergency", ("emergency",))
    assert plain(reply, answerer.knowledge) == spanish.emergency


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("no puedo respirar", "Llama ahora a tu número de emergencias (112 en Europa)."),
        ("我不能呼吸", "请马上拨打当地急救电话（中国大陆 120，欧洲 112）。"),
    ],
)
def test_an_alert_that_was_told_is_one_line_in_its_language(
    answerer: Answerer, said: str, line: str
) -> None:
    before = START.following(answerer.answer(said), 0.0)
    again = answerer.answer(said, before).alert
    assert again is not None
    assert (again.again, again.message) == (True, line)


def test_an_ordinary_question_gets_the_fixed_reply_and_no_english(answerer: Answerer) -> None:
    reply = answerer.answer("posso lavar a cabeça amanhã?", Context(language_code="pt-br"))
    portuguese = answerer.knowledge.languages.languages[1]
    assert (reply.kind, reply.language, reply.alert) == ("fallback", "pt", None)
    assert plain(reply, answerer.knowledge) == portuguese.reply


def test_any_other_language_gets_english_with_the_emergency_numbers(answerer: Answerer) -> None:
    said = plain(answerer.answer("δεν μπορώ να αναπνεύσω"), answerer.knowledge)
    assert all(number in said for number in ("EU 112", "UK 999", "911", "Australia 000"))


def test_every_phrase_of_the_examples_is_understood(answerer: Answerer) -> None:
    """But for the few that are all of English words, such as `sem ar`."""
    said = answerer.knowledge.examples.languages
    detector = LanguageDetector(answerer.knowledge.languages.languages, said, [])
    lost, phrases = [], 0
    for code, kinds in said.items():
        for kind, texts in kinds.items():
            for phrase in texts:
                phrases += 1
                # Hindi and Urdu are alike in Latin letters: there the telephone decides.
                found = detector.hear(phrase, code)
                language = found and found.language and found.language.code
                danger = found and found.danger
                if (language, danger) != (code, kind if kind != "ordinary" else None):
                    lost.append(f"{code} {phrase}")
    assert len(lost) <= phrases // 100, lost


def test_each_language_knows_many_phrases_of_each_kind(answerer: Answerer) -> None:
    said = answerer.knowledge.examples.languages
    assert [*said] == sorted(each.code for each in answerer.knowledge.languages.languages)
    least = {"emergency": 100, "crisis": 60, "ordinary": 150}
    few = {
        f"{code} {kind}": len(texts)
        for code, kinds in said.items()
        for kind, texts in kinds.items()
        if len(texts) < least[kind]
    }
    assert not few

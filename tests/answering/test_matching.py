import pytest

from bot.answering.confidence import ENTRY_FIGURES, NONE_FIGURES
from bot.answering.encoder import Encoder
from bot.answering.matching import Matcher
from bot.answering.message import read
from bot.answering.reading import Reader
from bot.answering.spelling import Speller
from bot.faq.models import Entry, Examples, Faq, Knowledge
from bot.faq.weights import Figure, general_weights

ENCODER = Encoder.load()
FAQ = Faq(
    title="Bicycles",
    entries=(
        Entry(
            id="puncture",
            title="Punctures",
            answer="Patch it.",
            questions=(
                "How do I mend a puncture?",
                "my tyre is flat",
                "the inner tube has a hole",
                "air keeps leaking out of the wheel",
            ),
        ),
        Entry(
            id="brakes",
            title="Brakes",
            answer="Tighten them.",
            questions=(
                "Why do my brakes squeal?",
                "the brake pads are worn",
                "it takes ages to stop",
                "adjust the brake cable",
            ),
        ),
        Entry(
            id="gears",
            title="Gears",
            answer="Oil them.",
            questions=(
                "How do I adjust the gears?",
                "the chain slips when I pedal hard",
                "cannot change gear",
                "derailleur makes a noise",
            ),
        ),
    ),
)


@pytest.fixture(scope="module")
def matcher():
    return matcher_of(Knowledge(faq=FAQ))


def matcher_of(knowledge):
    return Matcher(knowledge, ENCODER, knowledge.weights or general_weights())


def rank(matcher, text):
    reader = Reader(Speller(matcher.words))
    message = read(text, reader, ENCODER)
    return matcher.rank(message.words(0), message.encoded)


def best(matcher, question):
    return rank(matcher, question).candidates[0]


@pytest.mark.parametrize(
    ("question", "entry_id"),
    [
        ("how can I mend a flat tire", "puncture"),
        ("there is a hole in my inner tubes", "puncture"),
        ("squealing brakes", "brakes"),
        ("my chain keeps slipping", "gears"),
        ("derailer noise", "gears"),
    ],
)
def test_the_right_entry_is_first(matcher, question, entry_id):
    assert best(matcher, question).entry_id == entry_id


def test_the_nearest_phrasing_is_shown_as_it_stands_in_the_faq(matcher):
    assert best(matcher, "brake cable adjusting").phrasing == "adjust the brake cable"


def test_an_unknown_content_word_counts_against_a_match(matcher):
    assert best(matcher, "adjust the brake cable").score > (
        best(matcher, "adjust the mortgage cable").score
    )


def test_scores_fall_from_the_first_candidate_on_and_are_chances(matcher):
    scores = [c.score for c in rank(matcher, "adjust brakes").candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_an_off_topic_example_lowers_the_score_of_what_is_like_it(matcher):
    warned = matcher_of(Knowledge(faq=FAQ, examples=Examples(off_topic=("brakes of my new car",))))
    question = "the brakes of my car"
    assert best(warned, question).score < best(matcher, question).score


def test_a_phrasing_to_the_letter_is_certain_and_an_off_topic_example_is_none():
    taught = matcher_of(
        Knowledge(faq=FAQ, examples=Examples(off_topic=("adjust the brakes of a train",)))
    )
    assert best(taught, "Cannot change gear!").score >= 0.99
    assert rank(taught, "adjust the brakes of a train").candidates == ()


NOTHING = Figure(weight=0.0, usual=0.0)
OWN = general_weights().model_copy(
    update={
        "fitted_to": ("puncture", "brakes", "saddle"),
        "entry": dict.fromkeys(ENTRY_FIGURES, NOTHING),
        "none": dict.fromkeys(NONE_FIGURES, NOTHING),
    }
)


def test_a_faq_is_scored_with_its_own_weights():
    # Weights of nothing make each of three entries as likely as none of them.
    own = matcher_of(Knowledge(faq=FAQ, weights=OWN))
    scores = [candidate.score for candidate in rank(own, "adjust brakes").candidates]
    assert scores == pytest.approx([0.25, 0.25, 0.25])


def test_words_that_fit_any_topic_weigh_little(matcher):
    assert max(rank(matcher, "how do I do it").weights) < 0.2
    assert max(rank(matcher, "derailleur").weights) > 0.6


def test_a_faq_of_one_entry_can_be_asked():
    alone = matcher_of(Knowledge(faq=Faq(title="One", entries=FAQ.entries[:1])))
    assert best(alone, "flat tyre").entry_id == "puncture"


def test_a_faq_of_single_words_is_asked_in_sentences() -> None:
    entries = tuple(
        Entry(id=word, title=word, answer=word, questions=(word,))
        for word in ("itching", "swelling")
    )
    matcher = matcher_of(Knowledge(faq=Faq(title="Words", entries=entries)))
    assert rank(matcher, "why is it itching").candidates[0].entry_id == "itching"

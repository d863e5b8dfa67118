import pytest

from bot.answering.lexicon import Lexicon
from bot.answering.reading import Reader
from bot.answering.spelling import Speller

PHRASINGS = [
    "are swollen lymph nodes a danger",
    "why is my scalp itchy",
    "does it hurt",
    "the dots turned blue",
    "infection of the scalp",
    "colour of the pigment",
    "itching at night",
]
SYNONYMS = [["hurt", "painful", "sore"], ["smp", "scalp micropigmentation", "hair tattoo"]]


@pytest.fixture(scope="module")
def lexicon():
    return Lexicon([text.split() for text in PHRASINGS], SYNONYMS)


def words(lexicon, text):
    return list(Reader(Speller(lexicon.words)).read(text).words)


def names(lexicon, text):
    return [term.name for term in lexicon.terms(words(lexicon, text))]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("infectoin", "infection"),
        ("pigmant", "pigment"),
        ("swolen", "swollen"),
        ("becuase", "because"),
        ("ittchy", "itchy"),
    ],
)
def test_a_typo_is_read_as_the_word_it_was_meant_for(lexicon, written, meant):
    assert words(lexicon, written) == [meant]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("calp", "scalp"),  # and not "call", which is far commoner
        ("tchy", "itchy"),
        ("brlwn", "brown"),
        ("wornder", "wonder"),
        ("uspet", "upset"),
        ("realistcally", "realistically"),
    ],
)
def test_of_the_words_a_typo_may_be_meant_for_the_likeliest_is_read(lexicon, written, meant):
    assert words(lexicon, written) == [meant]


@pytest.mark.parametrize("word", ["knee", "blur", "bile", "hut", "dogs", "scales", "modes"])
def test_a_word_of_its_own_is_never_corrected_into_one_of_the_faq(lexicon, word):
    assert words(lexicon, word) == [word]


def test_repeated_letters_do_not_hide_a_word(lexicon):
    assert words(lexicon, "soooo ittchyyyy") == ["so", "itchy"]


def test_words_run_together_are_taken_apart(lexicon):
    assert words(lexicon, "lymphnodes") == ["lymph", "nodes"]


def test_british_and_american_spelling_are_one(lexicon):
    assert names(lexicon, "colour organise anaesthetic grey") == names(
        lexicon, "color organize anesthetic gray"
    )


def test_forms_of_a_word_have_one_stem(lexicon):
    assert names(lexicon, "infected") == names(lexicon, "infections")


def test_synonyms_are_one_term_also_when_of_several_words(lexicon):
    assert names(lexicon, "scalp micropigmentation") == names(lexicon, "hair tattoos")
    assert names(lexicon, "sore") == names(lexicon, "hurts")


def test_a_typo_inside_a_synonym_of_several_words_is_seen_through(lexicon):
    assert names(lexicon, "scalp micropigmentaton") == names(lexicon, "smp")


def test_numbers_stay_as_they_are(lexicon):
    assert words(lexicon, "day 12") == ["day", "12"]

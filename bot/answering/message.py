"""A message as the red flags read it: words in their places, sentences, contractions joined."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.answering.words import fold

_PIECE = re.compile(
    r"(?P<word>[^\W_]+)|(?P<ask>\?)|(?P<end>[!;…\n]|\.(?!\d))"
    r"|(?P<comma>[,:()\[\]\"“”–—~]|-(?![^\W_])|(?<![^\W_])-)|(?P<slash>/)"
)
_CENSORED = re.compile(r"(?<=[^\W_])[*]+(?=[^\W_])")
_SPELT_OUT = re.compile(r"\b[^\W\d_](?:[ .-]+[^\W\d_]){3,}\b")
_DIGITS_OR_LETTERS = re.compile(r"\d+|\D+")
_FIGURES_FOR_LETTERS = str.maketrans("013457", "oieast")

_SHORTHAND = {
    "u": "you", "ur": "your", "r": "are", "cnt": "cant", "cannot": "cant", "canot": "cant",
    "carnt": "cant", "cudnt": "couldnt", "dnt": "dont", "dosent": "doesnt", "dosnt": "doesnt",
    "doesent": "doesnt", "didint": "didnt", "wnt": "wont", "havnt": "havent", "hvnt": "havent",
    "aint": "isnt", "isint": "isnt", "wanna": "want to", "wana": "want to", "gonna": "going to",
    "gunna": "going to", "gona": "going to", "tryna": "trying to", "hav": "have", "hve": "have",
    "hv": "have", "av": "have", "n": "and", "cos": "because", "cuz": "because", "coz": "because",
    "bc": "because", "rn": "now", "atm": "now", "abt": "about", "b4": "before",
    "pls": "please", "plz": "please", "wiv": "with", "wid": "with", "wen": "when", "wat": "what",
    "wot": "what", "whats": "whatis", "wats": "whatis", "ye": "yes", "thru": "through",
    "noo": "no", "nah": "no", "nope": "no", "lil": "little", "ppl": "people", "sumone": "someone",
    "summat": "something", "sumthing": "something", "smth": "something", "alot": "lot",
    "iam": "im", "iv": "ive", "wasent": "wasnt", "wudnt": "wouldnt", "da": "the", "teh": "the",
    "mah": "my", "yrs": "years", "yr": "year", "hrs": "hours", "hr": "hour", "mins": "minutes",
    "enuf": "enough", "nuff": "enough", "tonite": "tonight", "2nite": "tonight",
    "2day": "today", "innit": "isntit",
    "wan": "want to", "dey": "is", "cannae": "cant", "dinnae": "dont", "didnae": "didnt",
    "wasnae": "wasnt", "isnae": "isnt", "couldnae": "couldnt", "wouldnae": "wouldnt",
    "havenae": "havent", "gonnae": "going to", "nae": "no", "doon": "down", "oot": "out",
    "heid": "head", "wi": "with", "tae": "to", "fae": "from", "meself": "myself",
    "cany": "cant", "canna": "cant", "didny": "didnt", "isny": "isnt",
    "wasny": "wasnt", "couldny": "couldnt", "masel": "myself",
    "mesel": "myself", "himsel": "himself", "hersel": "herself",
}  # fmt: skip
_LONGHAND = {word: tuple(meant.split()) for word, meant in _SHORTHAND.items()}
_NEGATED = {
    "can": "cant", "do": "dont", "does": "doesnt", "did": "didnt", "is": "isnt", "are": "arent",
    "was": "wasnt", "were": "werent", "have": "havent", "has": "hasnt", "had": "hadnt",
    "will": "wont", "would": "wouldnt", "could": "couldnt", "should": "shouldnt",
}  # fmt: skip
_JOINED = {
    ("i", "am"): "im", ("i", "m"): "im", ("i", "have"): "ive", ("i", "ve"): "ive",
    ("he", "is"): "hes", ("he", "s"): "hes", ("she", "is"): "shes", ("she", "s"): "shes",
    ("it", "is"): "its", ("it", "s"): "its", ("there", "is"): "theres", ("there", "s"): "theres",
    ("that", "is"): "thats", ("that", "s"): "thats", ("what", "is"): "whatis",
    ("what", "s"): "whatis", ("my", "self"): "myself", ("any", "more"): "anymore",
    ("any", "one"): "anyone", ("some", "one"): "someone", ("no", "one"): "noone",
    ("right", "now"): "now",
    **{(verb, "not"): joined for verb, joined in _NEGATED.items()},
    **{(joined[:-1], "t"): joined for joined in _NEGATED.values()},
    ("won", "t"): "wont", ("can", "t"): "cant", ("ain", "t"): "isnt",
}  # fmt: skip


def word_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(words.split())


LIGHT = word_set(
    """a an the my your his her their our its it i im ive he she hes shes they we you me him them
    is are was were be been being am has have had having do does did doing will would can could
    and or to of in on at by for with from as so very really just even quite too also that this
    these those there theres now then again all bit little kind sort like some any more than up
    out down over into off about round around get getting got gets feel feels feeling felt seem
    seems look looks looking go going goes gone went start started starting starts keep keeps
    keeping think trying still both side left right part whole entire lot suddenly actually
    literally basically theyre youre what when while since because"""
)
"""Words that carry little, so that they take words apart less than other words do."""

PERSON = word_set("i im ive my mine he she hes shes we his her they id ill")
"""Words that open a clause about somebody."""
CONTRAST = word_set("but however though although except yet because since while whereas then so")
"""Words that open a clause which what was said before does not govern."""
STRETCH = 24
"""How many words to either side of a sign are looked at, so that time grows with length only."""

_LIGHT_STEP = 4
_WORD_STEP = 10
_COMMA_STEP = 6
_SENTENCE_STEP = 22

COMMA, END, QUESTION = 1, 2, 3
"""What may stand before a word: nothing (0), a comma or the like, or the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Message:
    """The words of a message, with what stands before each of them.

    `places` grows from word to word by how far apart people feel them: little for a light
    word, more for a comma, most for the end of a sentence. `sentences` numbers the sentence of
    each word; `asking` holds the numbers of those that end with a question mark.
    """

    words: tuple[str, ...]
    breaks: tuple[int, ...]
    places: tuple[int, ...]
    sentences: tuple[int, ...]
    asking: frozenset[int]

    def __len__(self) -> int:
        return len(self.words)

    def sentence_start(self, at: int) -> int:
        """Return the index of the first word of the sentence of `at`, within a stretch."""
        sentence, lowest = self.sentences[at], max(0, at - STRETCH)
        while at > lowest and self.sentences[at - 1] == sentence:
            at -= 1
        return at

    def sentence_end(self, at: int) -> int:
        """Return the index after the last word of the sentence of `at`, within a stretch."""
        sentence, highest = self.sentences[at], min(len(self), at + STRETCH)
        while at < highest and self.sentences[at] == sentence:
            at += 1
        return at

    def sentence_spans(self) -> list[tuple[int, int]]:
        """Return where each sentence starts and the index after its end."""
        starts = [at for at in range(len(self)) if at == 0 or self.breaks[at] >= END]
        return list(pairwise([*starts, len(self)]))

    def following(self, at: int, count: int) -> tuple[str, ...]:
        """Return up to `count` words after the one at `at`, none of another sentence."""
        end = at + 1
        while end < min(at + 1 + count, len(self)) and self.breaks[end] < END:
            end += 1
        return self.words[at + 1 : end]


def in_sentences_of(message: Message, first: int, last: int) -> Iterator[int]:
    """Yield the indices of the words in the sentences of two words, within a stretch of them."""
    sentences = message.sentences
    for at in range(max(0, first - STRETCH), min(len(message), last + 1 + STRETCH)):
        if sentences[at] in (sentences[first], sentences[last]):
            yield at


class Phrases:
    """Phrases, one on a line, to be found at a given word of a message."""

    def __init__(self, lines: str) -> None:
        self._starting: dict[str, list[tuple[str, ...]]] = {}
        for line in lines.splitlines():
            phrase = tuple(line.split())
            self._starting.setdefault(phrase[0], []).append(phrase)

    def end(self, message: Message, at: int) -> int | None:
        """Return the index after the longest phrase that begins at `at`, or None."""
        ends = [
            at + len(phrase)
            for phrase in self._starting.get(message.words[at], ())
            if message.words[at : at + len(phrase)] == phrase
        ]
        return max(ends, default=None)


def longhand(word: str) -> tuple[str, ...]:
    """Return the word or words that phone spelling or a dialect stands for."""
    return _LONGHAND.get(word) or (word,)


def joined(words: tuple[str, ...]) -> tuple[str, ...]:
    """Join contractions: `can not` and `can t` are one word, `cant`."""
    if not _JOINED.keys().isdisjoint(pairwise(words)):
        return tuple(word for word, _ in _join([(word, 0) for word in words]))
    return words


def read(
    text: str, spelt: Callable[[str], tuple[str, ...]], knows: Callable[[str], bool]
) -> Message:
    """Read a message of any length and script.

    `spelt` gives the word or words that a token was meant for, and `knows` whether a word is
    one that a sign is made of (then `su1cide` is read with its figure as a letter).
    """
    folded = _CENSORED.sub("", fold(text).replace("w/o", "without"))
    folded = _SPELT_OUT.sub(lambda run: re.sub("[ .-]", "", run.group()), folded)
    pairs: list[tuple[str, int]] = []
    met: dict[str, tuple[str, ...]] = {}
    standing = END
    for piece in _PIECE.finditer(folded):
        kind = piece.lastgroup
        if kind == "word":
            for token in _tokens(piece.group(), knows):
                if token not in met:
                    met[token] = _LONGHAND.get(token) or spelt(token)
                for word in met[token]:
                    pairs.append((word, standing))
                    standing = 0
        elif kind == "slash":
            if pairs and not standing:
                pairs.append(("or", 0))
        else:
            standing = max(standing, {"ask": QUESTION, "end": END, "comma": COMMA}[kind or ""])
    return _placed(_join(pairs), standing)


def _tokens(token: str, knows: Callable[[str], bool]) -> list[str]:
    if token.isalpha() or token.isdecimal() or token in _LONGHAND:
        return [token]
    lettered = token.translate(_FIGURES_FOR_LETTERS)
    return [lettered] if knows(lettered) else _DIGITS_OR_LETTERS.findall(token)


def _join(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    result: list[tuple[str, int]] = []
    for word, before in pairs:
        if result and (before == 0 or word == "t"):
            both = _JOINED.get((result[-1][0], word))
            if both is not None:
                result[-1] = (both, result[-1][1])
                continue
        result.append((word, before))
    return result


def _placed(pairs: list[tuple[str, int]], last: int) -> Message:
    places: list[int] = []
    sentences: list[int] = []
    asking: set[int] = set()
    place, sentence = 0, 0
    for word, before in pairs:
        place += _LIGHT_STEP if word in LIGHT else _WORD_STEP
        if before and places:
            place += _COMMA_STEP if before == COMMA else _SENTENCE_STEP
        if before >= END and places:
            if before == QUESTION:
                asking.add(sentence)
            sentence += 1
        places.append(place)
        sentences.append(sentence)
    if last == QUESTION:
        asking.add(sentence)
    return Message(
        tuple(word for word, _ in pairs),
        tuple(before for _, before in pairs),
        tuple(places),
        tuple(sentences),
        frozenset(asking),
    )

"""What texts mean beyond their letters: `puffy` is near `swollen` though they share no letter.

A small network makes a vector of 192 figures of each text. Every word has a vector; it and its
two neighbours go through one layer, so that `not itchy` is more than `not` and `itchy`; what
comes out is summed over the text, and a second layer mixes the sums. The figures are in
`vectors.npz` beside this module: some 28,000 English words, and the two layers. The network was
taught to imitate the sentence encoder all-MiniLM-L6-v2 (Apache 2.0), which takes twenty times as
much room; `benchmarks/vectors.py` did so, and docs/architecture.md names the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from bot.answering.corpus import Corpus, Ints, Singles

_WORDS_AT_ONCE = 3000
"""Words, of texts of one length, that go through the network together."""
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class _Network:
    """The words, sorted, each with `scale` times the whole numbers of `vectors`; the layers."""

    words: NDArray[np.bytes_]
    scale: Singles
    vectors: NDArray[np.int8]
    unknown: Singles
    neighbours: Singles
    neighbours_bias: Singles
    straight: Singles
    mixed: Singles
    mixed_bias: Singles
    last: Singles

    def places(self, words: Sequence[str]) -> tuple[Ints, NDArray[np.bool_]]:
        """Return where each word is, and whether it is there."""
        asked = np.array(
            [word.encode("ascii", "replace") for word in words], dtype=self.words.dtype
        )
        places = np.minimum(np.searchsorted(self.words, asked), len(self.words) - 1)
        return places, self.words[places] == asked

    def of(self, places: Ints, known: NDArray[np.bool_]) -> Singles:
        """Return the vectors of words: those that are not known share one."""
        scaled = self.vectors[places] * self.scale[places, np.newaxis]
        return np.where(known[:, np.newaxis], scaled, self.unknown)


@cache
def _network() -> _Network:
    with (
        files("bot.answering").joinpath("vectors.npz").open("rb") as file,
        np.load(file) as arrays,
    ):
        figures = {name: arrays[name] for name in arrays.files}
    return _Network(
        **{
            name: each.astype(np.float32) if each.dtype == np.float16 else each
            for name, each in figures.items()
        }
    )


def text_vectors(texts: Corpus[str]) -> Singles:
    """Return the vector of each text: shape (texts, figures), of length 1.

    It is of length 0 where a text has no word that is known.
    """
    network = _network()
    places, known = network.places(texts.vocabulary)
    vectors = np.zeros((len(texts), network.last.shape[1]), np.float32)
    lengths = np.where(_has_any(texts, known), np.diff(texts.starts), 0)
    for length in np.unique(lengths[lengths > 0]).tolist():
        alike = np.flatnonzero(lengths == length)
        at_once = max(1, _WORDS_AT_ONCE // length)
        for first in range(0, len(alike), at_once):
            some = alike[first : first + at_once]
            within = texts.starts[some, np.newaxis] + np.arange(length)
            different, numbers = np.unique(texts.numbers[within], return_inverse=True)
            words = network.of(places[different], known[different])
            summed = _summed(network, words, numbers.reshape(within.shape))
            vectors[some] = _mixed(network, summed)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), _TINY)
    return vectors


def _summed(network: _Network, words: Singles, numbers: Ints) -> Singles:
    """Return the sums over texts of their words, and of what the first layer makes of them.

    `words` has the vectors of the different words, and `numbers`, of shape (texts, words), says
    which stand where. A word of zeros behind the others stands before and after each text.
    """
    nothing = len(words)
    parts = np.zeros((nothing + 1, network.neighbours.shape[1]), np.float32)
    np.matmul(words, network.neighbours, out=parts[:nothing])
    before, itself, after = np.split(parts, 3, axis=1)
    itself += network.neighbours_bias
    padded = np.pad(numbers, ((0, 0), (1, 1)), constant_values=nothing)
    near = itself[numbers]
    near += before[padded[:, :-2]]
    near += after[padded[:, 2:]]
    np.maximum(near, 0.0, out=near)
    return np.hstack([words[numbers].sum(axis=1), near.sum(axis=1)])


def _mixed(network: _Network, summed: Singles) -> Singles:
    """Return what the second layer makes of the sums over texts."""
    summed /= np.sqrt(np.square(summed).mean(axis=1, keepdims=True) + _TINY)
    mixed = summed @ network.mixed
    mixed += network.mixed_bias
    np.maximum(mixed, 0.0, out=mixed)
    made = summed @ network.straight
    made += mixed @ network.last
    return made


def _has_any(texts: Corpus[str], known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say of each text whether a word of it is known."""
    counts = np.append(0, np.cumsum(known[texts.numbers]))
    return np.diff(counts[texts.starts]) > 0

"""Make what the bot's engine has learnt anew: `python -m training [encoder|weights]`.

`encoder` teaches the network, `bot/answering/encoder.onnx` and `encoder.npz`, and writes
`training/held_out.npz` beside this module; it takes an hour and a half on two cores that reckon
with 16 bits, five hours on others, and 16 GB of memory, and needs `pip install -e ".[training]"`.
`weights` counts the words of entries and dangers, `bot/answering/word_counts.npz`, and reads the
lines of the FAQ, `bot/answering/lines.npz`. To these, the network and the tuned questions it fits
`faq/weights.json`, and general weights for a FAQ that has none, `bot/faq/weights-general.json`.
That takes minutes.
Without an argument both are made, one after the other.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from training.progress import Log

ROOT = Path(__file__).parents[1]
FAQ = ROOT / "faq"
EPOCHS = 3
TUNED = ROOT / "tests" / "questions" / "tune"
ANSWERING = ROOT / "bot" / "answering"
WORD_COUNTS, LINES = ANSWERING / "word_counts.npz", ANSWERING / "lines.npz"
WEIGHTS = FAQ / "weights.json"
GENERAL = ROOT / "bot" / "faq" / "weights-general.json"


def main() -> None:
    """Make what is asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m training", description="Make anew what the engine has learnt."
    )
    parser.add_argument("what", nargs="?", choices=("encoder", "weights"), help="default: both")
    what = parser.parse_args().what
    log = Log(time.time())

    if what != "weights":
        try:
            from training.encoder import made
        except ModuleNotFoundError as missing:
            sys.exit(f'{missing.name} is missing: pip install -e ".[training]"')
        made(FAQ, TUNED, ANSWERING, log, EPOCHS).save()
        log(f"wrote {ANSWERING.relative_to(ROOT)}/encoder.onnx")
    if what != "encoder":
        from training.weights import read_faq, weights, written

        with LINES.open("wb") as file:
            read_faq(FAQ, file)
        own, general, counts = weights(FAQ, TUNED, log)
        np.savez_compressed(WORD_COUNTS, **vars(counts))
        WEIGHTS.write_text(written(own), "utf-8")
        GENERAL.write_text(written(general), "utf-8")
        for file in (LINES, WORD_COUNTS, WEIGHTS, GENERAL):
            log(f"wrote {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

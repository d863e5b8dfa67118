"""The words that people are shown in ten conversations: `python -m tests.conversations.words`."""

from __future__ import annotations

import html
import re

from bot.answering.answerer import Answerer
from bot.answering.context import START
from bot.chat.telegram.messages import reply_messages
from bot.faq.loading import load_knowledge
from bot.faq.shipped import default_folder
from tests.conversations.scripts import HERE, Script, in_the_terminal, read_scripts

_FOLDED = re.compile("<blockquote expandable>.*?</blockquote>", re.DOTALL)


def in_telegram(script: Script, answerer: Answerer) -> list[str]:
    """What is on the screen of Telegram: what is folded away is not, buttons are."""
    said, context = [], START
    for now, turn in enumerate(script.turns):
        reply = answerer.answer(turn.says, context.at(now))
        context = context.at(now).following(reply, now)
        for message in reply_messages(reply, answerer.knowledge):
            rows = message.keyboard.inline_keyboard if message.keyboard else ()
            said += [button.text for row in rows for button in row]
            said.append(html.unescape(re.sub("<[^>]+>", "", _FOLDED.sub("", message.html))))
    return said


def main() -> None:
    """Print a line for each conversation, and the sums."""
    answerer = Answerer(load_knowledge(default_folder()))
    sums = [0, 0]
    for script in read_scripts(HERE / "typical.yaml"):
        both = in_telegram(script, answerer), in_the_terminal(script, answerer)
        counts = [len(" ".join(said).split()) for said in both]
        sums = [each + count for each, count in zip(sums, counts, strict=True)]
        print(f"{counts[0]:6} in Telegram {counts[1]:6} in the terminal  {script.name}")
    print(f"{sums[0]:6} in Telegram {sums[1]:6} in the terminal  all")


if __name__ == "__main__":
    main()

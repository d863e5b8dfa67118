"""What Telegram will show for an entry: the very messages that are sent.

`preview` prints them; the page of `smp-bot preview --browser` shows them live while the FAQ is
edited. That is read only, for this computer alone: it listens on loopback, answers to no name but
its own, and to no page of another site. Nothing that is typed on it is kept.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from html import unescape
from importlib.resources import files

from aiohttp import web
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from bot.answering.answerer import Answerer
from bot.answering.reply import Reply
from bot.chat.asking import reasons
from bot.chat.reloading import Serving, watching
from bot.chat.telegram.html import MOST_UNITS, units
from bot.chat.telegram.keyboards import read_tap
from bot.chat.telegram.messages import Message, reply_messages
from bot.chat.terminal import print_line
from bot.errors import UsageError
from bot.faq.checking import Checked
from bot.faq.models import Knowledge
from bot.faq.printing import summary
from bot.faq.problems import FaqError, shown_path
from bot.faq.validation import nearest

_FOLD = re.compile("</?blockquote[^>]*>")
_TAG = re.compile("<(/?[bi])>")
_WIDEST = 72
"""Columns of text: about those of Telegram on a desktop; a phone shows fewer."""
LOOPBACK = "127.0.0.1"
_NONCE = secrets.token_urlsafe()
"""Only what bears it is run: never what is in the FAQ or was typed, even if it was not escaped."""


def preview(entry_id: str, knowledge: Knowledge, console: Console) -> None:
    """Print the messages of an entry as Telegram shows them, folds barred, buttons in brackets.

    Raises `UsageError` where there is no such entry.
    """
    reply = entry_reply(entry_id, Answerer(knowledge))
    messages = reply_messages(reply, knowledge, asked=False)
    for number, message in enumerate(messages, 1):
        heading = f"--- Message {number} of {len(messages)}, {_size(message)} ---"
        console.print(heading, style="dim")
        _print(message, console)


def entry_reply(entry_id: str, answerer: Answerer) -> Reply:
    """The reply with an entry that was picked; raises `UsageError` where there is none."""
    reply = answerer.topic(entry_id)
    if reply is None:
        near = nearest(entry_id, [entry.id for entry in answerer.knowledge.faq.entries])
        meant = f" Did you mean {near}?" if near else ""
        raise UsageError(f"There is no entry {entry_id!r} in this FAQ.{meant}")
    return reply


def _print(message: Message, console: Console) -> None:
    width = min(_WIDEST, console.width) if console.is_terminal else None
    bar = ""
    for line in message.html.split("\n"):
        bar = "| " if line.startswith("<blockquote") else bar
        markup = _TAG.sub(r"[\1]", escape(_FOLD.sub("", line)))
        print_line(bar, Text.from_markup(unescape(markup), emoji=False), width, console)
        bar = "" if line.endswith("</blockquote>") else bar
    for row in message.keyboard.inline_keyboard if message.keyboard else ():
        console.print("  ".join(f"[{button.text}]" for button in row), soft_wrap=True)
    console.print()


def _size(message: Message) -> str:
    return f"{units(message.html):,} of {MOST_UNITS:,} characters"


_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; connect-src 'self'; img-src data:; script-src 'nonce-{_NONCE}'; "
        f"style-src 'nonce-{_NONCE}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
Json = dict[str, object]


@dataclass
class Page:
    """What the page shows; any thread may read it.

    `checks` check the FAQ, the quickest first. `missed` gives for an entry the `groups` of what
    was missed near it, how often each came and its lines, and a `note` where there are none.
    """

    serving: Serving
    checks: Sequence[Callable[[], Checked]]
    missed: Callable[[str], Json]
    _checking: threading.Lock = field(default_factory=threading.Lock)
    _state: tuple[int, Checked] = (0, Checked((), {}))
    """How often the FAQ was checked, and what was found last."""

    def tell(self, serving: Serving, fault: FaqError | None) -> None:
        """Show a FAQ that was taken up, or why it was refused, as `watching` tells it."""
        with self._checking:
            for check in self.checks:
                try:
                    checked = check()
                except UsageError:  # there is no such folder any more
                    checked = Checked(fault.problems if fault else (), {})
                self._state = self._state[0] + 1, checked

    def entry(self, entry_id: str, seen: str) -> Json | None:
        """An entry and the state of the FAQ; None when the state `seen` is still the one."""
        (number, checked), answerer = self._state, self.serving.answerer
        if seen == str(number):
            return None
        faq, messages, fault = answerer.knowledge.faq, [], ""
        try:
            reply = entry_reply(entry_id or faq.entries[0].id, answerer)
            messages = _messages(reply, answerer.knowledge, asked=False)
        except UsageError as unknown:
            fault = str(unknown)
        problems = [
            asdict(each)
            | {
                "file": shown_path(each.file),
                "text": "".join(checked.lines.get(each.file, ())[each.line - 1 : each.line]),
            }
            for each in checked.problems
        ]
        return {
            "state": number,
            "refused": self.serving.refused,
            "title": faq.title,
            "entries": [(entry.id, entry.title) for entry in faq.entries],
            "messages": messages,
            "fault": fault,
            "summary": summary(checked.problems),
            "problems": problems,
        }

    def ask(self, question: str) -> Json:
        """What is answered to a question, and why."""
        answerer = self.serving.answerer
        reply = answerer.answer(question)
        said, *tables = reasons(answerer.explain(question), reply)
        return {"messages": _messages(reply, answerer.knowledge), "said": said, "tables": tables}


def _messages(reply: Reply, knowledge: Knowledge, *, asked: bool = True) -> list[Json]:
    return [
        {
            "html": message.html,
            "size": _size(message),
            "rows": [
                [(each.text, _entry_behind(str(each.callback_data))) for each in row]
                for row in (message.keyboard.inline_keyboard if message.keyboard else ())
            ],
        }
        for message in reply_messages(reply, knowledge, asked=asked)
    ]


def _entry_behind(data: str) -> str:
    tap = read_tap(data)
    return tap.of if tap and tap.action == "topic" else ""


def serve(page: Page, tell: Callable[[str], object]) -> None:
    """Serve the page until Ctrl-C; `tell` is given its address."""
    app = web.Application()
    app.router.add_get("/{path:.*}", partial(_answer, page))
    with socket.create_server((LOOPBACK, 0)) as door, watching(page.serving, page.tell):
        threading.Thread(target=page.tell, args=(page.serving, None), daemon=True).start()
        tell(f"http://{LOOPBACK}:{door.getsockname()[1]}/")
        # An address may hold a question, so no log of them.
        web.run_app(app, sock=door, print=None, access_log=None)


async def _answer(page: Page, request: web.Request) -> web.Response:
    """Answer a browser of this computer, and no page of another site in it."""
    own = {f"{name}:{request.get_extra_info('sockname')[1]}" for name in (LOOPBACK, "localhost")}
    site = request.headers.get("Sec-Fetch-Site", "none")
    if request.host not in own or site not in ("none", "same-origin"):
        raise web.HTTPForbidden
    given = request.query
    found: Json | None
    match request.path:
        case "/":
            text = files("bot.chat").joinpath("browser.html").read_text("utf-8")
            text = text.replace("NONCE", _NONCE)
            return web.Response(text=text, content_type="text/html", headers=_HEADERS)
        case "/entry":
            seen = given.get("seen", "")
            found = await asyncio.to_thread(page.entry, given.get("id", ""), seen)
        case "/missed":
            found = await asyncio.to_thread(page.missed, given.get("id", ""))
        case "/ask":
            found = await asyncio.to_thread(page.ask, given.get("question", ""))
        case _:
            raise web.HTTPNotFound
    return web.json_response(found, headers=_HEADERS)

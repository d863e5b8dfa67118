"""The one base of every error that a user, maintainer or operator of the bot can meet."""

import traceback


class BotError(Exception):
    """A fault put in words for the person who meets it; never shown as a traceback.

    `exit_code` is the status a command ends with: 1 for faulty content, 2 for unusable
    arguments or settings.
    """

    exit_code = 1


class UsageError(BotError):
    """Arguments or settings that cannot be used."""

    exit_code = 2


def describe_error(fault: BaseException) -> str:
    """Say what kind of fault it was and where, without its message.

    The message may hold what a person wrote; the type, file and line cannot.
    """
    frames = traceback.extract_tb(fault.__traceback__)
    if not frames:
        return type(fault).__name__
    last = frames[-1]
    inside = next((frame for frame in reversed(frames) if "telegram" in frame.filename), last)
    places = dict.fromkeys(
        f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in (last, inside)
    )
    return f"{type(fault).__name__} at {' < '.join(places)}"


def _short(filename: str) -> str:
    return "/".join(filename.replace("\\", "/").split("/")[-3:])

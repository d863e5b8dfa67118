"""The one base of every error that a user, maintainer or operator of the bot can meet."""


class BotError(Exception):
    """A fault put in words for the person who meets it; never shown as a traceback.

    `exit_code` is the status a command ends with: 1 for faulty content, 2 for unusable
    arguments or settings.
    """

    exit_code = 1


class UsageError(BotError):
    """Arguments or settings that cannot be used."""

    exit_code = 2

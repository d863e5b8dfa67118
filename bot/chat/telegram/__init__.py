"""The Telegram face: from an update to the messages that answer it.

`run` serves; `serving` holds what the handlers share. An update comes in by `polling` or `web`,
goes through `intake` (once only, in the order of its chat) and `routing` to its handler
(`questions`, `buttons`, `inline`), is put in words by `messages`, and leaves by the `outbox`.
"""

import os

# The library's own switch: waiting times are `timedelta`, as they will be in its next version.
os.environ.setdefault("PTB_TIMEDELTA", "true")

"""The Telegram face: from an update to the messages that answer it.

`run` serves; `serving` holds what the handlers share. An update comes in by `polling` or `web`,
goes through `intake` (once only, in the order of its chat) and `routing`, which answers messages
and leaves taps and inline mode to `buttons` and `inline`. `messages` puts answers in words, and
the `outbox` sends them.
"""

import os

# The library's own switch: waiting times are `timedelta`, as they will be in its next version.
os.environ.setdefault("PTB_TIMEDELTA", "true")

"""Python imports this at start because the tests put its folder on `PYTHONPATH`."""

import loopback_only

loopback_only.install()

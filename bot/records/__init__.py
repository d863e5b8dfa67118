"""What is remembered between messages: counts, feedback and, opted in, redacted questions."""

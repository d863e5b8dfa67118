"""From a question to a Reply: words, matching, red flags, elapsed time, the decision."""

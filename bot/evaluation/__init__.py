"""How good the answers are: questions with known answers, asked of the engine and judged."""

"""What the bot knows: the content's models, its loading with line numbers, its checks."""

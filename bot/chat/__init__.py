"""The faces: rendering, Telegram, the terminal."""

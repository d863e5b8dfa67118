"""What the engine has learnt, made anew from what is in the repository: `python -m training`."""

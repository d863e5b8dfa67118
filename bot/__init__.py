"""SMP risk bot: worries about scalp micropigmentation, answered in plain words with a referral."""

__version__ = "0.1.0"

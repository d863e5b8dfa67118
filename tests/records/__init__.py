"""Tests of what is remembered, with real databases and real processes."""

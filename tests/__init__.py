"""The tests; `tests.telegram_api` is a package that benchmarks use too."""

"""Where the FAQ is when nobody says where: in the working folder, or with the program."""

from __future__ import annotations

from pathlib import Path


def shipped_folder() -> Path:
    """The FAQ that comes with the program: inside an installed package, or in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "shipped_faq"
    return installed if installed.is_dir() else package.parent / "faq"


def default_folder() -> Path:
    """`faq/` in the working folder when it holds a `faq.yaml`, otherwise the shipped FAQ."""
    here = Path("faq")
    return here if (here / "faq.yaml").is_file() else shipped_folder()

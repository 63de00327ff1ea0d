"""One target under atheris: ``python -m fuzz.led TARGET FOLDER [libFuzzer options]``; see ``fuzz.__main__``."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["tadmor"]):
    from fuzz.targets import TARGETS


def main() -> None:
    """Hand the target to libFuzzer."""
    name, *rest = sys.argv[1:]
    atheris.Setup([sys.argv[0], *rest], TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()

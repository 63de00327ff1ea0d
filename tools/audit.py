"""``make audit``: the locked dependencies against the known vulnerabilities; says plainly when none could be looked up.

Reads ``pip-audit --format json`` from standard input. Exit status 0: all were looked up and nothing is known; 1: something is
known; 2: not all could be looked up, which is no clean bill of health.
"""

from __future__ import annotations

import json
import sys
from typing import TextIO


def main(stream: TextIO = sys.stdin) -> int:
    """Print what was found; see the module for the exit status."""
    try:
        found = json.load(stream)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print("nothing was audited: the index of vulnerabilities cannot be reached from here; run it where it can be")
        return 2
    known = [(d, v) for d in found for v in d.get("vulns", ())]
    for one, told in known:
        mend = f"mended in {', '.join(told['fix_versions'])}" if told.get("fix_versions") else "no version mends it yet"
        print(f"{one['name']} {one['version']}: {told['id']}; {mend}")
    passed = [d["name"] for d in found if "skip_reason" in d]
    if passed:
        print(
            f"{len(passed)} of {len(found)} could not be looked up here, so this says nothing of them: {', '.join(passed[:8])}"
            f"{', …' if len(passed) > 8 else ''}"
        )
    print(f"{len(found) - len(passed)} dependencies looked up, {len(known)} vulnerabilities known")
    return 1 if known else 2 if passed or not found else 0


if __name__ == "__main__":
    sys.exit(main())

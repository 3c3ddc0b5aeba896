"""`python -m benchmark.suites [NAME …]`: what each suite's texts come to now, beside what it was frozen with."""

from __future__ import annotations

import sys

from benchmark.suites import fingerprint_of, load_suite, plan_suite, suite_names


def main(names: list[str]) -> int:
    """Print trials and fingerprint of each suite; 1 if any differs from its file."""
    changed = 0
    for name in names or suite_names():
        suite = load_suite(name)
        trials = plan_suite(suite, check=False)
        now = fingerprint_of(trials)
        same = (now, len(trials)) == (suite.fingerprint, suite.trials)
        changed += not same
        print(f"{name}: trials = {len(trials)}, fingerprint = {now!r}{'' if same else '   DIFFERS from the file'}")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

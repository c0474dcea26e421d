"""`python -m hawkmoth_tui` is the `hawkmoth` command."""

from __future__ import annotations

import sys

from hawkmoth_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m alignsym`: the same as the command `alignsym`."""

import sys

from alignsym.cli import main

if __name__ == "__main__":
    sys.exit(main())

"""`python -m sanshell`."""

import sys

from sanshell.app import main

if __name__ == "__main__":
    sys.exit(main())

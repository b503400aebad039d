"""`python -m sansim` is the `sansim` command."""

import sys

from sansim.cli import main

sys.exit(main())

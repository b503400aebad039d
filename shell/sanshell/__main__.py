"""`sanshell`, and `python -m sanshell`."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; where the extra is not installed say so."""
    try:
        from sanshell.app import main as run  # noqa: PLC0415 - the extra may be missing
    except ModuleNotFoundError as missing:
        if missing.name not in {"cmd2", "rich", "yaml"}:
            raise
        print(f"sanshell needs {missing.name}: pip install 'sansdk[shell]'.", file=sys.stderr)  # noqa: T201
        return 2
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())

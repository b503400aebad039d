"""Every sample in the documentation runs, page by page, and prints what the page says.

    ```python    runs; one that defines tests is run by pytest
    ```pycon     runs as a session at the prompt, and its output is compared
    ```console   runs as a shell script; where output follows a command, it is compared
    ```toml      is read as the configuration of a simulator, `arrays.toml` for the blocks after it

The blocks of a page follow on each other. In outputs `...` stands for anything, and what is drawn at random or is the
time of day may differ. A block after a comment `<!-- not run: why -->` is left out.
"""

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import Factory, frozen

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
OPTIONS: Final = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

BLOCK: Final = re.compile(
    r"(?P<skip><!-- not run: [^>]+ -->\n\s*)?^```(?P<kind>python|pycon|console|toml)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)

CHANCE: Final = (
    (r"600144F0[0-9A-F]{24}", "GUID"),
    (r"\b[0-9a-f]{32}0{15}", "SERIAL"),
    (r"\bsansdk(-|:)[0-9a-f]{8,16}\b", "NUMBER"),
    (r"127\.0\.0\.1:\d{4,5}/", "PORT/"),
    (r"\btank-[0-9a-f]{8}\b", "POOL"),
    (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d", "TIME"),
)
"""What differs between two runs."""


class Checker(doctest.OutputChecker):
    """Compares outputs but for what differs between two runs."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        for pattern, name in CHANCE:
            want, got = re.sub(pattern, name, want), re.sub(pattern, name, got)
        return super().check_output(want, got, optionflags)


@frozen
class Page:
    """A page as it runs.

    Attributes:
        path: The file.
        folder: Where its blocks leave files.
        names: What its blocks have defined so far.
    """

    path: Path
    folder: Path
    names: dict[str, Any] = Factory(lambda: {"__name__": "__main__"})

    def blocks(self) -> Iterator[tuple[str, str, int]]:
        """Kind, text and first line of each block that is to run."""
        page = self.path.read_text(encoding="utf-8")
        for match in BLOCK.finditer(page):
            if match["skip"] is None:
                yield match["kind"], match["text"], page.count("\n", 0, match.start("text"))


def run_python(page: Page, text: str, line: int) -> None:
    if "def test_" in text:
        written = page.folder / f"test_line_{line}.py"
        written.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(written)]
        ran = subprocess.run(command, cwd=page.folder, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return
    exec(compile("\n" * line + text, page.path, "exec"), page.names)  # noqa: S102 - our own documentation


def run_prompt(page: Page, text: str, line: int) -> None:
    sample = doctest.DocTestParser().get_doctest(text, page.names, page.path.name, str(page.path), line)
    said: list[str] = []
    doctest.DocTestRunner(Checker(), optionflags=OPTIONS, verbose=False).run(sample, out=said.append, clear_globs=False)
    page.names.update(sample.globs)
    assert not said, "".join(said)


def run_console(page: Page, text: str, line: int) -> None:
    """The commands of each `$ ` line, and what follows it up to the next as its output."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, wanted = re.sub(r"\\\n", "", part).partition("\n")
        ran = subprocess.run(  # noqa: S602 - our own documentation
            command,
            shell=True,
            cwd=page.folder,
            env={**os.environ, "PATH": programs},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"line {line}: {command}\n{ran.stdout}{ran.stderr}"
        if wanted.strip():
            same = Checker().check_output(wanted, ran.stdout, OPTIONS)
            assert same, f"line {line}: {command}\nprinted:\n{ran.stdout}instead of:\n{wanted}"


def run_toml(page: Page, text: str, _: int) -> None:
    from sansim.config_file import read  # noqa: PLC0415 - what the block is about

    written = page.folder / "arrays.toml"
    written.write_text(text, encoding="utf-8")
    assert read(written)


RUN: Final[dict[str, Callable[[Page, str, int], None]]] = {
    "python": run_python,
    "pycon": run_prompt,
    "console": run_console,
    "toml": run_toml,
}


def title(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [p for p in PAGES if any(Page(p, p.parent).blocks())], ids=title)
def test_the_samples_of_a_page_do_what_it_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    page = Page(path, tmp_path)
    # Pages keep what they open on a stack of that name; it is closed where a block fails before the last.
    with ExitStack() as cleared:
        cleared.callback(lambda: page.names.get("stack", cleared).close())
        for kind, text, line in page.blocks():
            RUN[kind](page, text, line)


def test_every_block_in_the_documentation_is_of_a_kind_that_is_known():
    known = {*RUN, "sh", "text"}
    for path in PAGES:
        for fence in re.findall(r"^ *```(.*)\n(?:.*\n)*?^ *```$", path.read_text(encoding="utf-8"), re.MULTILINE):
            assert fence in known or fence.startswith("{"), f"{title(path)}: ```{fence}"

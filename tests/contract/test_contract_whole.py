"""No part of the contract is forgotten here."""

from pathlib import Path

import sansdk.testing.contract


def test_every_module_of_the_contract_runs_here():
    (folder,) = sansdk.testing.contract.__path__
    written = {path.stem.removeprefix("test_") for path in Path(folder).glob("test_*.py")}
    run = {path.stem.removeprefix("test_contract_") for path in Path(__file__).parent.glob("test_contract_*.py")}
    assert run - {"whole"} == written
    for name in written:
        text = Path(__file__).with_name(f"test_contract_{name}.py").read_text(encoding="utf-8")
        assert f"from sansdk.testing.contract.test_{name} import *" in text

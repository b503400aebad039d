"""Several intents about one volume in one plan: each is planned on what those before it will have done."""

import pytest

from sansdk import Exported
from sansdk.session import SanSession

GIB = 1 << 30
HOST = "iqn.1993-08.org.debian:01:host"
OTHER = "iqn.1998-01.com.vmware:other"


def test_a_volume_resized_in_a_plan_is_still_the_one_that_was_read(solaris_san: SanSession):
    solaris_san.create_volume("v", GIB)
    there = solaris_san.create_export("v", initiators=[HOST])
    with solaris_san.plan() as plan:
        plan.ensure_volume("v", 2 * GIB, grow=True)
        plan.ensure_export("v", initiators=[HOST, OTHER])
    _, export = (result.value for result in plan.apply())
    assert (export.target_iqn, export.lun, export.initiators) == (there.target_iqn, there.lun, (HOST, OTHER))
    assert solaris_san.volume("v").size == 2 * GIB

    refused = solaris_san.plan()
    refused.resize_volume("v", 3 * GIB)
    refused.delete_volume("v")
    with pytest.raises(Exported), refused:
        pass

    with solaris_san.plan() as end:
        end.resize_volume("v", 3 * GIB)
        end.remove_export("v", missing_ok=True)
        end.delete_volume("v")
    end.apply()
    assert solaris_san.volumes() == []

"""A volume is created, exported with CHAP, listed and removed: on both arrays, over SSH, by the same calls."""

import sansdk
from sansdk.display import table
from sansim import SimulatedArray, Simulator

HOST = "iqn.1993-08.org.debian:01:bar"


def indented(text: object) -> str:
    return "\n".join(f"    {line}" for line in str(text).splitlines())


def life_of_a_volume(san: sansdk.SanSession, array: SimulatedArray) -> None:
    info, (pool,) = san.info(), san.pools()
    print(f"\n=== {array.url}\n    {info.kind}, {info.flavour}, {info.version}, {pool.name}")

    # LeftHand asks for a secret per volume, COMSTAR per initiator: the capabilities say which.
    per_volume = sansdk.Capability.CHAP_PER_VOLUME in san.capabilities
    with san.plan() as plan:
        plan.create_volume("db1", "100GiB")
        plan.create_export("db1", initiators=() if per_volume else (HOST,), chap=True)
    print("\n  The plan. Nothing of it has been sent:")
    print(indented(plan))

    before = len(san.history)
    _, exported = plan.apply()
    print("\n  What ran on the array, the reads before and after it included:")
    print(indented("\n".join(map(str, san.history[before:]))))

    print("\n  Read back from the array:")
    print(indented(table(san.volumes())))
    print(indented(table(san.exports())))
    print(f"    An initiator finds it at: {exported.value.provider_location}")

    san.remove_export("db1")
    san.delete_volume("db1")
    print("\n  Removed again. Volumes now:")
    print(indented(table(san.volumes())))


def main() -> None:
    with Simulator() as simulator:
        for array in simulator.values():
            with sansdk.connect(array.url, **array.connect_args) as san:
                life_of_a_volume(san, array)


if __name__ == "__main__":
    main()

"""A plan as a program: for an administrator who wants to read what is to run, and to run it by hand."""

import sansdk
from sansim import Simulator

HOSTS = ("iqn.1993-08.org.debian:01:one", "iqn.1993-08.org.debian:01:two")


def main() -> None:
    with Simulator(arrays=("solaris",)) as simulator:
        array = simulator["solaris"]
        with sansdk.connect(array.url, **array.connect_args) as san:
            with san.plan() as plan:
                for name in ("db1", "db2"):
                    plan.create_volume(name, "10GiB")
                    plan.create_export(name, initiators=HOSTS, chap=True)
            print(plan.script())
            print("# Nothing of it has run. Volumes on the array now:", san.volumes())


if __name__ == "__main__":
    main()

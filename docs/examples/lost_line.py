"""The line is lost while a volume is made, right after `zfs create`: the program on the array goes on to its end."""

import sansdk
from sansdk.display import table
from sansim import Fault, Simulator


def main() -> None:
    with Simulator(arrays=("solaris",)) as simulator:
        array = simulator["solaris"]
        with sansdk.connect(array.url, **array.connect_args) as san:
            cut = array.faults.add(Fault("cut", "zfs create*", when="after"))
            volume = san.create_volume("db1", "10GiB")
            print(f"The line was cut {cut.struck} time. The volume is there, once, and this is it:\n")
            print(table([volume]))
            print("\nWhat reached the array, exec by exec:\n")
            for done in array.log:
                print(f"  {len(done.programs)} programs, status {'unknown' if done.status is None else done.status}")
                for program in done.programs:
                    print(f"    {program}")


if __name__ == "__main__":
    main()

"""What the planners of all arrays object to, in the same words."""

from collections.abc import Sequence

from sansdk.commands.base import Taken
from sansdk.errors import AlreadyExists, Conflict, Exported, HasDependents, InputError, InvalidChap, NotFound
from sansdk.intents import DeleteVolume, EnsureVolume
from sansdk.model import Chap, Export
from sansdk.units import format_size


def no_volume(name: str) -> NotFound:
    """There is none."""
    return NotFound(f"There is no volume {name!r}.")


def overtaken(name: str) -> Taken:
    """Somebody else made it between reading and creating."""
    return Taken(f"The volume {name!r} was made by others meanwhile.", mend="Read it, and plan again.")


def not_exported(volume: str) -> NotFound:
    """There is no export of it."""
    return NotFound(f"The volume {volume!r} is not exported.")


def exported_already(volume: str, export: Export) -> AlreadyExists:
    """There is one."""
    return AlreadyExists(f"The volume {volume!r} is exported already.", existing=export)


def exported_otherwise(volume: str, differences: Sequence[str]) -> Conflict:
    """There is one, but not as asked."""
    said = "; ".join(differences)
    return Conflict(f"The volume {volume!r} is exported, but {said}.", differences=tuple(differences))


def still_exported(volume: str, export: Export | None) -> Exported:
    """It cannot be deleted."""
    return Exported(f"The volume {volume!r} is exported.", export=export, mend="Call remove_export first.")


def made_in_plan(volume: str) -> InputError:
    """An export is to be removed that the same plan makes."""
    return InputError(f"The export of {volume!r} is made in the same plan.", mend="Leave both out.")


def refuse_differences(intent: EnsureVolume, size: int, asked: int, *, thin: bool | None) -> None:
    """Raise `Conflict` where a volume is there with another size or kind; an unknown kind differs from none."""
    differences = []
    if size != asked:
        differences.append(f"its size is {format_size(size)}, not {format_size(asked)}")
    if thin is not None and thin is not intent.thin:
        differences.append(f"it is {'thin' if thin else 'thick'}")
    if differences:
        said = "; ".join(differences)
        raise Conflict(f"The volume {intent.name!r} is there, but {said}.", differences=tuple(differences))


def refuse_snapshots(intent: DeleteVolume, snapshots: Sequence[str]) -> None:
    """Raise `HasDependents` where a volume has snapshots that nobody said may go."""
    if snapshots and not intent.snapshots:
        mend = "Delete them first, or say snapshots=True."
        raise HasDependents(f"The volume {intent.name!r} has snapshots.", dependents=snapshots, mend=mend)


def refuse_shrinking(name: str, size: int, asked: int, *, allowed: bool) -> None:
    """Raise `Conflict` where a volume would become smaller and nobody said that it may."""
    if asked < size and not allowed:
        difference = f"its size is {format_size(size)}, more than {format_size(asked)}"
        raise Conflict(
            f"The volume {name!r} would lose data: {difference}.",
            differences=(difference,),
            mend="Say shrink=True if what lies beyond may be lost.",
        )


def refuse_secret(chap: Chap, least: int, most: int, forbidden: str = "") -> None:
    """Raise `InvalidChap` where a secret is missing, too short, too long, or holds what the array does not take."""
    if chap.secret is None:
        raise InvalidChap("A Chap without secret cannot be set.", mend="Give one, or say chap=True for a new one.")
    if not least <= len(chap.secret) <= most:
        raise InvalidChap(f"A CHAP secret on this array has {least} to {most} characters.")
    if any(character in forbidden for character in chap.secret.reveal()):
        raise InvalidChap(f"A CHAP secret on this array holds none of {' '.join(map(repr, forbidden))}.")

"""Who may use which volume: servers, and CHAP. Source: HP drivers (seen) unless said."""

import re
from typing import Final

from attrs import frozen

from sansdk.commands.base import register
from sansdk.commands.cliq.base import CliqChange, CliqCommand
from sansdk.commands.cliq.response import SUCCESS, Thing
from sansdk.secrets import Secret
from sansdk.transport.base import Answer

_NOT_ABOUT_THE_SERVER: Final = re.compile(r"[1235678]|8000100[1-7]")


@frozen
class Server:
    """A server object of the group: its name, and its initiators where the array tells them (inferred)."""

    name: str
    initiators: tuple[str, ...]


@register
@frozen
class AssignVolumeChap(CliqChange):
    """Let whoever knows user and secret use a volume. The secret travels in the command: CLIQ has no other way."""

    template = "cliq/assignVolumeChap.j2"

    volume: str
    user: str
    secret: Secret


@register
@frozen
class AssignVolumeToServer(CliqChange):
    """Let one more server use a volume."""

    template = "cliq/assignVolumeToServer.j2"

    volume: str
    server: str


@register
@frozen
class UnassignVolumeToServer(CliqChange):
    """Let one server no longer use a volume."""

    template = "cliq/unassignVolumeToServer.j2"

    volume: str
    server: str


@register
@frozen
class UnassignVolume(CliqChange):
    """Let nobody use a volume any more, servers and CHAP alike."""

    template = "cliq/unassignVolume.j2"

    volume: str


@register
@frozen
class CreateServer(CliqChange):
    """Make a server object for one initiator."""

    template = "cliq/createServer.j2"

    server: str
    initiator: str


@register
@frozen
class DeleteServer(CliqChange):
    """Delete a server object without asking (inferred: the command stands in no published session)."""

    template = "cliq/deleteServer.j2"

    server: str


@register
@frozen
class GetServer(CliqCommand[Server | None]):
    """A server object; None where there is none of that name."""

    template = "cliq/getServer.j2"

    server: str

    def read(self, answer: Answer) -> Server | None:
        """As CliqCommand.read, but an unknown server is None.

        Which result it has is not published, only that it is not success (seen): each that the manual's table
        does not give another meaning is taken for it.
        """
        result = self.outcome(answer).result
        if result != SUCCESS and not _NOT_ABOUT_THE_SERVER.fullmatch(result):
            return None
        return super().read(answer)

    def value(self, answer: Thing) -> Server:
        """The name as the array writes it, where it shows the server at all."""
        server = next(answer.children("server"), None)
        if server is None:
            return Server(self.server, ())
        initiators = (row.optional("iqn") for row in server.children("permission"))
        return Server(server.optional("name") or self.server, tuple(iqn for iqn in initiators if iqn))

"""SSH's login service: asked for once, and its answers awaited without a gap."""

import threading
from collections.abc import Callable
from socket import socket
from typing import Any

from paramiko import Message
from paramiko.auth_handler import AuthOnlyHandler
from paramiko.common import cMSG_SERVICE_REQUEST, cMSG_USERAUTH_REQUEST
from paramiko.ssh_exception import SSHException
from paramiko.transport import ServiceRequestingTransport

_NAP = 0.1


class PatientTransport(ServiceRequestingTransport):
    """Paramiko's transport, asking for the login service once.

    Its plain one asks before every attempt, which some servers take for an attack; the one that asks once waits
    for the answer by naps of 0.1 s, and for ever where the connection ends meanwhile.
    """

    def __init__(self, sock: socket, **options: Any) -> None:  # noqa: ANN401 - paramiko's, by version
        super().__init__(sock, **options)
        self._accepted = threading.Event()

    def ensure_session(self) -> None:
        """Ask for the login service, if that was not done.

        Raises:
            SSHException: The connection ended.
        """
        if self._accepted.is_set():
            return
        request = Message()
        request.add_byte(cMSG_SERVICE_REQUEST)
        request.add_string("ssh-userauth")
        self.packetizer.send_message(request)
        while not self._accepted.wait(_NAP):
            if not self.is_active():
                raise self.get_exception() or SSHException("the connection ended")
        self.auth_handler = self.get_auth_handler()

    def get_auth_handler(self) -> AuthOnlyHandler:
        """What sends the attempts and hears the answers."""
        return _Attempts(self)

    def _parse_service_accept(self, _: Message) -> None:
        self._accepted.set()


class _Attempts(AuthOnlyHandler):
    """Paramiko's own listens only after the request has left, and misses an answer that is quicker."""

    def send_auth_request(
        self, username: str, method: str, finish_message: Callable[[Message], object] | None = None
    ) -> list[str]:
        self.username, self.auth_method = username, method
        request = Message()
        request.add_byte(cMSG_USERAUTH_REQUEST)
        for word in (username, "ssh-connection", method):
            request.add_string(word)
        if finish_message:
            finish_message(request)
        self.auth_event = answered = threading.Event()
        with self.transport.lock:
            self.transport.packetizer.send_message(request)
        return self.wait_for_response(answered)

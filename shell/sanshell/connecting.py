"""Connecting to an array, with whatever password there is."""

import os

import sansdk
from sanshell import credentials
from sanshell.arrays import Arrays, Connected
from sanshell.status import UsageError
from sanshell.terminal import Terminal


def connect(
    arrays: Arrays,
    url: str,
    *,
    terminal: Terminal,
    name: str | None = None,
    password_file: str | None = None,
    host_key: str | None = None,
) -> Connected:
    """Connect to an array and take it in.

    The password is that of the file, else of the environment; without one keys are tried, and when the array wants
    a password the person at the terminal is asked.

    Raises:
        sansdk.ConnectError: No connection came about.
        UsageError: The name is taken.
    """
    host_key = host_key or os.environ.get(credentials.HOST_KEY)
    password = credentials.password(password_file)
    try:
        session = sansdk.connect(url, password=password, host_key=host_key)
    except sansdk.AuthFailed as refused:
        if password is not None:
            raise
        try:
            password = terminal.secret(f"Password for {url}: ")
        except UsageError:
            raise refused from None
        session = sansdk.connect(url, password=password, host_key=host_key)
    try:
        return arrays.add(session, url, name)
    except UsageError:
        session.close()
        raise

"""What the stmf services refuse. The codes are those of libstmf, where the programs show them."""

from enum import IntEnum

__all__ = ["StmfCode", "StmfError"]


class StmfCode(IntEnum):
    """The library's status codes. Source: illumos `libstmf.h`."""

    STATUS_ERROR = 0x8000
    BUSY = 0x8001
    NOT_FOUND = 0x8002
    MEMBER_NOT_FOUND = 0x8003
    GROUP_NOT_FOUND = 0x8004
    PERMISSION = 0x8005
    INVALID_ARGUMENT = 0x8007
    EXISTS = 0x8008
    GROUP_IN_USE = 0x800C
    LUN_IN_USE = 0x800D
    VIEW_CONFLICT = 0x800E
    INVALID_HOST_GROUP = 0x8011
    INVALID_TARGET_GROUP = 0x8012
    INVALID_PROPERTY_SIZE = 0x8019
    INVALID_PROPERTY = 0x8020
    TARGET_ONLINE = 0x8022
    FILE_IN_USE = 0x8100
    INVALID_BLOCK_SIZE = 0x8101
    GUID_IN_USE = 0x8102
    META_FILE_NAME = 0x8103
    DATA_FILE_NAME = 0x8104
    META_CREATION = 0x8107
    FILE_SIZE_INVALID = 0x8108
    STANDBY = 0x810A


class StmfError(Exception):
    """A refusal of the stmf services.

    Attributes:
        code: The library's status code; the programs choose their words by it.
        unsupported: What was asked for, where the real services can do it and these cannot.
    """

    def __init__(self, code: StmfCode, unsupported: str | None = None) -> None:
        super().__init__(code.name)
        self.code = code
        self.unsupported = unsupported

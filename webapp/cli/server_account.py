"""The account that the embedded PostgreSQL runs under, because PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "stockcode"
ACL_VERSION = 2
ACL_EVERYBODY = 0xFFFFFFFF
# Tags of a POSIX access list, in the order in which the kernel wants them (acl(5)).
OWNER, NAMED_USER, GROUP, MASK, OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20


class AccountError(Exception):
    """The account cannot be made or let in. The message is one line."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user who owns the database's files and processes."""

    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Give a file or directory to this account."""
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def let_in(self, path: Path) -> None:
        """Let this account reach a path: closed directories above it are opened for passing through."""
        if os.geteuid() != 0:
            return
        for directory in reversed(path.resolve().parents):
            if not self._passes(directory):
                _open_for(directory, self.uid)

    def popen_options(self) -> dict[str, object]:
        """What subprocess needs to start a program as this account."""
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def _passes(self, directory: Path) -> bool:
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        return bool(status.st_mode & stat.S_IXOTH) or self._is_named_in(directory)

    def _is_named_in(self, directory: Path) -> bool:
        entry = struct.pack("<HHI", NAMED_USER, stat.S_IXOTH, self.uid)
        try:
            return entry in os.getxattr(directory, "system.posix_acl_access")
        except (OSError, AttributeError):
            return False


def current() -> Account:
    """This user, or for root an account of its own, made when missing; raises AccountError."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _create()
    return Account(entry.pw_uid, entry.pw_gid)


def _create() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    try:
        subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], check=True, capture_output=True)
        return pwd.getpwnam(NAME)
    except (OSError, subprocess.CalledProcessError, KeyError):
        raise AccountError(
            f"PostgreSQL does not run as root, and the user {NAME} could not be created. "
            "Run this as an ordinary user, or create that user with useradd."
        ) from None


def _open_for(directory: Path, uid: int) -> None:
    """Name one user in the directory's access list; where the file system has no lists, let all pass."""
    mode = directory.stat().st_mode
    entries = (
        (OWNER, mode >> 6 & 7, ACL_EVERYBODY),
        (NAMED_USER, stat.S_IXOTH, uid),
        (GROUP, mode >> 3 & 7, ACL_EVERYBODY),
        (MASK, mode >> 3 & 7 | stat.S_IXOTH, ACL_EVERYBODY),
        (OTHERS, mode & 7, ACL_EVERYBODY),
    )
    access = struct.pack("<I", ACL_VERSION) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        if b"system.posix_acl_access" not in map(os.fsencode, os.listxattr(directory)):
            os.setxattr(directory, "system.posix_acl_access", access)
            return
    except (OSError, AttributeError):
        pass
    try:
        directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
    except OSError as error:
        raise AccountError(f"The user {NAME} cannot enter {directory}: {error.strerror}.") from None

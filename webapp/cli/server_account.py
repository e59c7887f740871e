"""The account that the embedded PostgreSQL runs under, because PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "stockcode"
PASS = 1  # the right to pass through a directory, which is not the right to list it
ACCESS_LIST = "system.posix_acl_access"
ACL_VERSION = 2
HEADER, ENTRY = struct.Struct("<I"), struct.Struct("<HHI")
OWNER, NAMED_USER, GROUP, MASK, OTHERS = 0x01, 0x02, 0x04, 0x10, 0x20
ANYBODY = 0xFFFFFFFF


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
            return bool(status.st_mode & PASS << 6)
        access = _access_list(directory)
        if (NAMED_USER, self.uid) in access:
            return bool(access[NAMED_USER, self.uid] & access[MASK, ANYBODY] & PASS)
        return bool(status.st_mode & PASS)


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
    access = _access_list(directory)
    access[NAMED_USER, uid] = PASS
    access[MASK, ANYBODY] = access.get((MASK, ANYBODY), access[GROUP, ANYBODY]) | PASS
    entries = (ENTRY.pack(tag, rights, who) for (tag, who), rights in sorted(access.items()))
    try:
        os.setxattr(directory, ACCESS_LIST, HEADER.pack(ACL_VERSION) + b"".join(entries))
    except (OSError, AttributeError):
        _let_everybody_pass(directory)


def _access_list(directory: Path) -> dict[tuple[int, int], int]:
    """Rights by tag and user of a POSIX access list (acl(5)); without one, what the file mode says."""
    try:
        packed = os.getxattr(directory, ACCESS_LIST)[HEADER.size :]
    except (OSError, AttributeError):
        mode = directory.stat().st_mode
        return {(OWNER, ANYBODY): mode >> 6 & 7, (GROUP, ANYBODY): mode >> 3 & 7, (OTHERS, ANYBODY): mode & 7}
    return {(tag, who): rights for tag, rights, who in ENTRY.iter_unpack(packed)}


def _let_everybody_pass(directory: Path) -> None:
    try:
        directory.chmod(stat.S_IMODE(directory.stat().st_mode) | PASS)
    except OSError as error:
        raise AccountError(f"The user {NAME} cannot enter {directory}: {error.strerror}.") from None

"""On what kind of file system the store lies: SQLite's write-ahead log needs memory that all processes share, which no network gives."""

from __future__ import annotations

import sys
from pathlib import Path

NETWORKS = frozenset(
    {
        "9p", "acfs", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.glusterfs", "fuse.s3fs", "fuse.sshfs", "gfs2",
        "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb2", "smb3", "smbfs", "webdav",
    }
)  # fmt: skip
"""Names of file systems that several machines may use at once."""
_MOUNTS = Path("/proc/self/mountinfo")


def network_of(folder: Path) -> str:
    """The name of the network file system that the folder is on; empty for a disk of this machine, or where nobody tells."""
    kind = _kind(folder)
    return kind if kind in NETWORKS else ""


if sys.platform == "darwin":

    def _kind(folder: Path) -> str:
        """statfs(2): `f_fstypename` is at byte 72, 16 long."""
        import ctypes

        buffer = ctypes.create_string_buffer(4096)
        libc = ctypes.CDLL(None, use_errno=True)
        statfs = getattr(libc, "statfs$INODE64", None) or libc.statfs
        return (
            "" if statfs(str(folder).encode(), buffer) else buffer.raw[72:88].split(b"\0")[0].decode("ascii", "replace")
        )

else:

    def _kind(folder: Path) -> str:
        """The deepest mount above the folder, as proc(5) lists them: field 5 is the place, the kind stands after the dash."""
        try:
            lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            return ""
        place, found = folder.resolve(), ("", "")
        for line in lines:
            before, _, after = line.partition(" - ")
            mounted = before.split(" ")[4].replace("\\040", " ")
            if place.is_relative_to(mounted) and len(mounted) >= len(found[0]):
                found = (mounted, after.split(" ")[0])
        return found[1]

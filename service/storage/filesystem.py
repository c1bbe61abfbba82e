"""Where a SQLite file must not lie: its locks and its shared memory need a disk of this machine."""

from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = frozenset(
    ("9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.ceph", "fuse.glusterfs", "fuse.s3fs",
     "fuse.sshfs", "glusterfs", "gpfs", "lustre", "nfs", "nfs4", "ocfs2", "smb3", "smbfs",
     "virtiofs")
)  # fmt: skip


def network_filesystem(path: Path, mounts: Path = _MOUNTS) -> str | None:
    """The kind of network file system that a path lies on; None for a disk of this machine, and
    where the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    place, best, kind = path.resolve(), Path(), ""
    for line in lines:
        fields, _, rest = line.partition(" - ")
        mounted = Path(fields.split(" ")[4].replace("\\040", " "))
        # Of two that are mounted on one another the later one is seen.
        if place.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, rest.split(" ")[0]
    return kind if kind in _NETWORK else None

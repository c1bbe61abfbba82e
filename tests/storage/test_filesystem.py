"""A database on a network share is noticed."""

from pathlib import Path

import pytest

from service.storage.filesystem import network_filesystem

MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:40 / /srv rw,relatime shared:1 - nfs4 server:/srv rw,vers=4.2
31 30 254:1 / /srv/local rw - xfs /dev/vdb rw
32 22 0:41 / /mnt/two\\040words rw - cifs //server/share rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/huice", None),
        ("/srv/huice", "nfs4"),
        ("/srv/local/huice", None),
        ("/srvant", None),
        ("/mnt/two words/huice", "cifs"),
    ],
)
def test_the_mount_nearest_to_the_path_counts(tmp_path: Path, path: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert network_filesystem(Path(path), mounts) == kind


def test_a_system_that_does_not_tell_is_believed(tmp_path: Path) -> None:
    assert network_filesystem(tmp_path, tmp_path / "missing") is None

"""Where Spark reads and writes: files and folders of this machine, or whatever address it knows."""

from pathlib import Path, PurePosixPath

from service.domain.errors import ErrorCode, Refused
from service.domain.text import Text

READ = (".parquet", ".csv", ".jsonl")
WRITTEN = ".parquet"
_PATTERN = str.maketrans({c: f"\\{c}" for c in "\\*?[]{}"})


def source_address(source: str) -> str:
    """A file or folder that is there, by its own name; anything else, patterns and addresses of
    other stores too, as it was given. Raises Refused for what Spark is not asked to read."""
    name = PurePosixPath(source)
    if ending(source) not in READ:
        raise _refused("用 Spark 时只读取 {why}", "with Spark only {why} is read", " / ".join(READ))
    if name.name.startswith(("_", ".")):
        raise _refused(
            "Spark 会略过以 _ 或 . 开头的文件：{why}",
            "Spark passes over names that begin with _ or .: {why}", name.name,
        )  # fmt: skip
    path = Path(source)
    return f"file://{literal(str(path.resolve()))}" if path.exists() else source


def target_address(target: str) -> str:
    """A folder for Parquet files. Raises Refused for another name."""
    if ending(target) != WRITTEN:
        raise _refused(
            "用 Spark 时只写出名为 {why} 的文件夹",
            "with Spark only folders named {why} are written",
            WRITTEN,
        )
    return target if "://" in target else f"file://{Path(target).resolve()}"


def ending(address: str) -> str:
    """The ending of a name, in small letters."""
    return PurePosixPath(address).suffix.lower()


def literal(address: str) -> str:
    """An address of which no character stands for others."""
    return address.translate(_PATTERN)


def _refused(zh: str, en: str, why: str) -> Refused:
    return Refused(Text(zh, en).format(why=why), ErrorCode.BAD_REQUEST)

"""Commands run as somebody types them."""

from click.testing import CliRunner, Result

from service.cli import main


def run_in_english(*arguments: str, typed: str = "", code: int = 0) -> Result:
    """What `huice` prints in English; its exit code must be `code`. `typed` is what it is told when
    it asks."""
    done = CliRunner().invoke(main, ["--lang", "en", *arguments], input=typed)
    assert done.exit_code == code, done.output
    return done

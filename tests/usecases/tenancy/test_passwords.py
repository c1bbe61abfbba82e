"""Which passwords an account may have."""

import pytest

from service.usecases.tenancy.passwords import is_easy


@pytest.mark.parametrize(
    "password",
    [
        "short", "123qweasdzxc", "1qaz2wsx3edc", "Password123!", "P@ssw0rd2024!", "qwertyuiop12",
        "iloveyou1234", "letmeinletmein", "zhongguo2008", "aaaaaaaaaaaa", "q9" * 50, "x" * 201,
        "Admin@123456", "Zhang@123456", "Welcome@123456", "Shanghai@2025", "Changeme@2026",
        "zhangsan@1990", "Pudong@20260101", "woaini@1314520", "1qaz@WSX3edc", "Huice@2026!!",
        "2024010120240101", "my name is lin.na", "anil anil anil",
    ],
)  # fmt: skip
def test_a_password_that_is_soon_guessed(password: str) -> None:
    """Frequent ones, also with a year, a day or numbers behind a sign, or with other signs for
    letters; the service's own name; keys in a row; repetitions; the
    name, also backwards."""
    assert is_easy(password, "lin.na" if "lin.na" in password else "lina")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "kettle-lamp-river",
        "x8K2p0qLm3vT",
        "xK9$mQ2vL7pT",
        "今天天气很好我们去公园吧",
        "绿" + "a b c " * 33,
    ],
)
def test_a_password_that_is_taken(password: str) -> None:
    """A few words, a dozen of signs at random, any script, up to two hundred characters."""
    assert not is_easy(password, "lina")

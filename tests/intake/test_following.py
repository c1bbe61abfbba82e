"""Addresses that events are to be delivered to, read strictly."""

import pytest

from service.domain.errors import InvalidInput
from service.intake.following import read_webhook


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/", "https://", "https://u:p@x.example/", "https://x.example/#a",
     "https://x.example:0/", "https://x.example:99999/", "javascript:alert(1)", "mailto:",
     "mailto:a@b.example?cc=c@d.example", "https://x.example/ä", "https://x.example/\r\nX: 1", "https://[::1",
     "https://a..example/", "https://-a.example/", f"https://{'a' * 64}.example/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_webhook({"url": url})
    assert refused.value.problems[0].pointer == "/url"


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example/in?key=1",
        "http://10.1.2.3:8080/",
        "mailto:desk@bank.example",
        "https://[2606:4700::1111]/",
        "https://a_b.example./",
        "https://xn--fsq.example:8443/x",
    ],
)
def test_what_is_one_is_taken_as_it_is(url: str) -> None:
    assert read_webhook({"url": url, "lang": "en"}).url == url

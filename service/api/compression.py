"""Answers packed where the client allows it."""

import zstandard
from flask import Response, request

from service.rendering.compression import ZSTD, best_encoding, packed


def compress_response(response: Response) -> Response:
    """The response packed in the best way that its request accepts, as it is where that is none
    or where it is short."""
    data, headers = packed(response.get_data(), request.environ.get("HTTP_ACCEPT_ENCODING"))
    response.set_data(data)
    for name, value in headers:
        response.headers.add(name, value)
    return response


def held_packed(content: bytes, content_type: str) -> Response:
    """A response of what is held packed by zstd: as it is held where the request's client likes
    that best, else unpacked, or packed anew."""
    if best_encoding(request.environ.get("HTTP_ACCEPT_ENCODING", "")) == ZSTD:
        headers = {"Vary": "Accept-Encoding", "Content-Encoding": ZSTD}
        return Response(content, content_type=content_type, headers=headers)
    plain = zstandard.ZstdDecompressor().decompressobj().decompress(content)
    return compress_response(Response(plain, content_type=content_type))

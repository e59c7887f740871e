"""Files of a request lie on disk while it is answered, and are closed with it, also where it broke off midway."""

from typing import Any, BinaryIO, cast

from flask import Flask, Request


class OurRequest(Request):
    """A request that closes every file that it began to receive."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.streams: list[BinaryIO] = []

    def _get_file_stream(self, *args: Any, **more: Any) -> Any:
        stream = super()._get_file_stream(*args, **more)
        self.streams.append(cast("BinaryIO", stream))
        return stream

    def close(self) -> None:
        """Close what came, whole or not."""
        super().close()
        for stream in self.streams:
            stream.close()


def install(app: Flask) -> None:
    """Let an application receive files so."""
    app.request_class = OurRequest

"""Which reader reads which kind of file. A new import format is one module here, one line below, and its tests."""

from collections.abc import Callable, Mapping
from typing import Any

from webapp.files import edinet_codes, jpx_list
from webapp.files.rows import MasterList

# Bytes and file name in; rows, or WrongFile. The keys are the words that operators type: stockcode import KIND FILE.
Reader = Callable[[bytes, str], MasterList[Any]]

READERS: Mapping[str, Reader] = {
    "edinet-codes": lambda content, _name: edinet_codes.read(content),
    "jpx-list": jpx_list.read,
}

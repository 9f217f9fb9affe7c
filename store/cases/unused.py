"""What Chroma's graph writes to disk without having written it: memory of the process, whatever was in it.

The file of a new graph has room for a hundred cases and holds whatever stood in that memory before, such as
words of a case that was removed (found with chromadb 1.5.9). So the room is blanked before the index is used.
"""

from __future__ import annotations

import struct
from pathlib import Path

# How a graph's header begins: version, where level 0 begins, room for how many, how many there are, bytes of
# each. Source: hnswlib as in chromadb 1.5.9, `HierarchicalNSW::persistDirty`.
_HEADER = struct.Struct("<i4Q")
_VERSION = 1


def blank_unused(index: Path) -> None:
    """Fill with zeros what no case of a closed index uses; a graph of another form is left alone.

    Args:
        index: the folder of a Chroma database that nobody has open.
    """
    for header in index.rglob("header.bin"):
        graph = header.with_name("data_level0.bin")
        head = header.read_bytes()[: _HEADER.size]
        if len(head) < _HEADER.size or not graph.is_file():
            continue
        version, _, room, used, size = _HEADER.unpack(head)
        if version == _VERSION and graph.stat().st_size == room * size and used <= room:
            with graph.open("r+b") as file:
                file.seek(used * size)
                file.write(bytes((room - used) * size))

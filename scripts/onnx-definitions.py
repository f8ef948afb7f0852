"""The definitions of ONNX's operators that `inceptc import` reads, of the onnx package that is installed.

    python scripts/onnx-definitions.py

writes src/import/onnx/opset/table.ts anew: of each operator in it the versions in which ONNX defined
it anew. One that the file did not have before becomes `unread`: whoever has looked at what it changes,
and taught it to the operator's reader if that is needed, moves it over to `read` by hand.
"""

import pathlib
import re

from onnx import defs

oldest = 7
path = pathlib.Path(__file__).parent.parent / "src/import/onnx/opset/table.ts"
row = re.compile(r"^  (\w+): \{ read: \[([\d, ]+)\].* \},$", re.M)


def versions_of(name):
    """Those from the one on that held in the oldest version; and the one that has the operator no more."""
    found = [s for s in defs.get_all_schemas_with_history() if (s.domain, s.name) == ("", name)]
    last = max(found, key=lambda s: s.since_version)
    until = last.since_version if last.deprecated else None
    since = [s.since_version for s in found if s.since_version != until]
    first = max((v for v in since if v <= oldest), default=0)
    return sorted(v for v in since if v >= first), until


def row_of(name, read):
    versions, until = versions_of(name)
    lists = {"read": [v for v in versions if v in read], "unread": [v for v in versions if v not in read]}
    shown = ", ".join(f"{key}: [{', '.join(map(str, list))}]" for key, list in lists.items() if list)
    shown += f", until: {until}" if until is not None else ""
    return f"  {name}: {{ {shown} }},"


text = path.read_text()
rows = {name: [int(v) for v in read.split(",")] for name, read in row.findall(text)}
head = text[: text.index("export const newest")]
body = "\n".join(row_of(name, rows[name]) for name in sorted(rows))
path.write_text(
    f"{head}export const newest = {defs.onnx_opset_version()};\n\n"
    f"export const definitions: Readonly<Record<string, Definitions>> = {{\n{body}\n}};\n"
)

/** What a path in a spec names, or a finding. */
import { dirname, isAbsolute, join, posix } from "node:path";
import type { Source } from "../../diagnostics/diagnostic.js";
import { visibleName } from "../../diagnostics/visible.js";
import type { StringLiteral } from "../../syntax/ast.js";
import { key, type Asked, type Read, type Unread } from "../sources/read.js";
import { fileSite, report } from "./site.js";
import type { Unit } from "./unit.js";

/** The file that a path in a spec names; refused unless it is relative to the spec. */
export function readRelative(
  path: StringLiteral,
  unit: Unit,
  what: Asked["what"],
  read: Read,
): Source | undefined {
  const { value, span } = path;
  if (isAbsolute(value) || value.startsWith("\\") || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(value)) {
    report(fileSite(unit), "import/not-relative", { path: value }, { span });
    return undefined;
  }
  const asked = { what, written: `"${visibleName(value)}"` };
  const found = value === "" ? undefined : read(join(dirname(key(unit.file.source)), value), asked);
  if (found !== undefined && !("unread" in found)) return found;
  reportUnread(path, unit, what, found ?? { unread: "absent" });
  return undefined;
}

function reportUnread(
  { value, span }: StringLiteral,
  unit: Unit,
  what: Asked["what"],
  unread: Unread,
): void {
  const site = fileSite(unit);
  switch (unread.unread) {
    case "absent": {
      const help = helpFind(value, unread.near);
      return report(site, "import/not-found", { path: value, what }, { span, help });
    }
    case "outside": {
      const params = { path: value, roots: unread.roots.join(" and ") };
      const help = "move it into the project, or allow a folder that holds it: --root DIR";
      return report(site, "import/outside", params, { span, help });
    }
    case "unreadable":
      return report(site, "import/unreadable", { why: unread.why }, { span, help: unread.help });
  }
}

function helpFind(value: string, near: string | undefined): string | undefined {
  if (near !== undefined)
    return `did you mean ${JSON.stringify(posix.join(posix.dirname(value), near))}?`;
  if (!value.includes("\\")) return undefined;
  return `write / between folders: ${JSON.stringify(value.replaceAll("\\", "/"))}`;
}

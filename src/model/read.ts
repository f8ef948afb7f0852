/** What `import` and `labels` name. */
import { isAbsolute, join, posix, dirname } from "node:path";
import type { Source } from "../diagnostics/diagnostic.js";
import { visibleName } from "../diagnostics/visible.js";
import type { StringLiteral } from "../syntax/ast.js";
import { fileSite, report } from "./site.js";
import type { Unit } from "./unit.js";

/** What a spec wants of a file. */
export interface Asked {
  readonly what: "spec" | "list of labels";
  /** The path as it is written, in quotes. */
  readonly written: string;
}

/**
 * Gives the file at a path, as `join(dirname(importing file), path written)` names it; undefined
 * where there is none.
 */
export type Read = (path: string, asked: Asked) => Source | Unread | undefined;

/** Why a path gives no file. */
export type Unread =
  | { readonly unread: "absent"; readonly near?: string | undefined }
  | { readonly unread: "outside"; readonly roots: readonly string[] }
  | { readonly unread: "unreadable"; readonly why: string; readonly help?: string | undefined };

/** Remembers what paths gave, so that one check sees one text of every file. */
export class Reads {
  private readonly given = new Map<string, Source | Unread | undefined>();

  constructor(private readonly first: Read) {}

  readonly read: Read = (path, asked) => {
    if (!this.given.has(path)) this.given.set(path, this.first(path, asked));
    return this.again(path, asked);
  };

  /** Reads nothing anew. */
  readonly again: Read = (path) => this.given.get(path);

  /** Files on disk that were read, or may yet appear where they were looked for. */
  files(): readonly string[] {
    return [...this.given].flatMap(([path, found]) => {
      if (found === undefined) return [path];
      if (!("unread" in found)) return found.file ?? [];
      return found.unread === "outside" ? [] : [path];
    });
  }
}

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

/** What tells one file from another. */
export const key = (source: Source): string => source.file ?? source.path;

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

/** What `import` and `labels` ask for, and what they get. */
import type { Source } from "../../diagnostics/diagnostic.js";

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

/** What tells one file from another. */
export const key = (source: Source): string => source.file ?? source.path;

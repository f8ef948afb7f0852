/** Reads specs, and what specs name, from disk. */
import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Source } from "../../diagnostics/diagnostic.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import { displayPath, shownPath } from "../../files/display.js";
import { cannotRead, nearestName } from "../../files/failure.js";
import { type Bounded, readRegularSync } from "../../files/read.js";
import { isInside, realPath } from "../../files/real-path.js";
import type { Asked, Read, Unread } from "./read.js";
import { projectRoot } from "./root.js";

/** Larger files are refused before they are read; no network needs a tenth of it. */
const bounds: Readonly<Record<Asked["what"], Omit<Bounded, "path">>> = {
  spec: { what: "a spec", maxBytes: 1 << 20 },
  "list of labels": { what: "a list of labels", maxBytes: 1 << 24 },
};

/**
 * Reads a spec from disk.
 *
 * @throws InceptError `file/not-found`, `file/not-a-file`, `file/too-large`, `file/unreadable` or
 *   `file/changed`
 */
export function readSource(file: string): Source {
  const absolute = file === "" ? "" : resolve(file);
  const path = file === "" ? "" : displayPath(absolute);
  const text = readRegularSync({ ...bounds.spec, path: absolute, shown: path }).toString("utf8");
  return { path, file: realPath(absolute), text };
}

/**
 * Reads what a spec names, from the spec's project alone: `projectRoot` says what that is. Links
 * are followed first, and nothing is said of what lies outside.
 *
 * @param root a folder whose files may be read too, relative to the working folder, or its URL
 * @throws InceptError `file/not-found`, `file/unreadable` or `file/not-a-folder` for such a root
 */
export function readerOf(spec: Source, root?: string | URL): Read {
  const own = projectRoot(dirname(spec.file ?? realPath(spec.path)));
  const roots = root === undefined ? [own] : [own, folderOf(root)];
  return (path, asked) => {
    const named = { ...bounds[asked.what], shown: asked.written };
    let file = path;
    try {
      file = realPath(path);
      if (!roots.some((folder) => isInside(folder, file))) return { unread: "outside", roots };
      const text = readRegularSync({ ...named, path: file }).toString("utf8");
      return { path: displayPath(path), file, text };
    } catch (cause) {
      return unread(file, cannotRead({ ...named, path: file }, cause));
    }
  };
}

function unread(file: string, { code, message, help }: InceptError): Unread {
  if (code === "file/not-found") return { unread: "absent", near: nearestName(file) };
  return { unread: "unreadable", why: message, help };
}

function folderOf(root: string | URL): string {
  const path = root instanceof URL ? fileURLToPath(root) : root;
  try {
    if (statSync(path).isDirectory()) return realPath(path);
  } catch (cause) {
    throw cannotRead({ path, what: "a folder" }, cause);
  }
  throw new InceptError("file/not-a-folder", `${shownPath(path)} is not a folder.`, {
    help: "name a folder whose files a spec may read",
  });
}

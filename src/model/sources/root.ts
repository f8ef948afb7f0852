import { lstatSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { readRegularSync } from "../../files/read.js";

const maxPackageBytes = 1 << 20;

/**
 * The folder that a spec's imports and labels stay inside: of the folders that hold the spec, the
 * nearest that is a repository or has workspaces, else the nearest package, else the spec's own.
 * An installed package is its own root: the repository around it is somebody else's.
 *
 * @param folder the spec's, absolute and without links
 */
export function projectRoot(folder: string): string {
  const installed = packageFolder(folder);
  if (installed !== undefined) return installed;
  const around = ancestors(folder);
  return around.find(isWorkspace) ?? around.find(isPackage) ?? folder;
}

/** Innermost first. */
function ancestors(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

/** `…/node_modules/name` or `…/node_modules/@scope/name`, for a folder in there. */
function packageFolder(folder: string): string | undefined {
  const parts = folder.split(sep);
  const at = parts.lastIndexOf("node_modules");
  if (at === -1) return undefined;
  const depth = parts[at + 1]?.startsWith("@") === true ? 3 : 2;
  return parts.slice(0, at + depth).join(sep);
}

const isWorkspace = (folder: string): boolean =>
  exists(join(folder, ".git")) ||
  exists(join(folder, "pnpm-workspace.yaml")) ||
  hasWorkspaces(join(folder, "package.json"));

const isPackage = (folder: string): boolean => exists(join(folder, "package.json"));

function exists(path: string): boolean {
  try {
    return lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

/** A package.json that says nothing that can be read says nothing of workspaces. */
function hasWorkspaces(path: string): boolean {
  try {
    const named = { path, what: "a package.json", maxBytes: maxPackageBytes };
    const content: unknown = JSON.parse(readRegularSync(named).toString("utf8"));
    return typeof content === "object" && content !== null && "workspaces" in content;
  } catch {
    return false;
  }
}

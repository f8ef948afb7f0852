import { homedir } from "node:os";
import { isAbsolute, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { packageRoot, version } from "../../emit/package.js";
import { type PackageJson, packagesFrom, recordOf } from "../../files/package-json.js";

/** The lists of a package.json that name what is installed. */
const lists = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

/** How a package.json asks for a package, or undefined where it does not. */
export function declared({ content }: PackageJson, name: string): string | undefined {
  const found = lists.map((list) => recordOf(content[list])[name]);
  return found.find((spec) => typeof spec === "string");
}

/**
 * What a new project writes for inceptc, so that its `npm install` gets the one that runs now: what
 * the nearest package.json asks for, above the new folder or else above the place where this one is
 * installed. One that is not installed, a clone or a member of a workspace, is named by its folder.
 *
 * @param directory the new project's folder, absolute
 * @param running the folder of the package that runs
 */
export function ownDependency(directory: string, running = packageRoot): string {
  const installed = /[\\/]node_modules[\\/]/.test(running);
  const places = [directory, ...(installed ? [running] : [])];
  for (const place of places.flatMap(packagesFrom)) {
    const spec = declared(place, "inceptc");
    if (spec !== undefined) return moved(spec, place.folder, directory);
  }
  return installed ? `^${version}` : `file:${slashed(relative(directory, running))}`;
}

/** A path is told from the new folder; a version, a tag or an address stays as it is. */
function moved(spec: string, from: string, to: string): string {
  const [, protocol = "", path = ""] = /^(file:|link:|portal:)?(.*)$/s.exec(spec) ?? [];
  if (protocol === "" && !/^(\.{1,2}([\\/]|$)|~[\\/]|[\\/]|[A-Za-z]:[\\/])/.test(path)) return spec;
  const target = resolve(from, plainPath(path));
  return `${protocol || "file:"}${slashed(relative(to, target))}`;
}

/** npm takes `file:///a`, `file:~/a` and `file:a` too. */
function plainPath(path: string): string {
  if (/^~[\\/]/.test(path)) return join(homedir(), path.slice(2));
  return path.startsWith("///") ? fileURLToPath(`file:${path}`) : path;
}

/** Relative with slashes; another drive of Windows has no relative path. */
const slashed = (path: string): string =>
  (isAbsolute(path) || path.startsWith("..") ? path : `./${path}`).replaceAll("\\", "/");

import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { InceptError } from "../../diagnostics/incept-error.js";
import { distrust } from "../../files/trust.js";
import { hostLevel } from "../../targets/cpu/level.js";
import { userCache } from "../cache/places.js";
import { headersPrefix } from "../make/node-gyp.js";
import { findCompiler, findToolchain } from "../choose/toolchain.js";

/** One thing that a build uses, and how to get it. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  /** Without it nothing can be built. */
  readonly required: boolean;
  /** What was found, or what is wrong. */
  readonly found: string;
  readonly help?: string;
}

/** What this machine has for the CPU target. Nothing is built, nothing about a GPU is asked. */
export function examine(): readonly Finding[] {
  const cmakeJs = look("cmake-js (default builder)", false, () => others("cmake-js"));
  const nodeGyp = look("node-gyp (other builder)", false, () => {
    headersPrefix();
    return others("node-gyp");
  });
  const neither = !cmakeJs.ok && !nodeGyp.ok;
  return [
    node(),
    look("processor", true, () => `${process.platform} ${process.arch}: ${hostLevel()} kernels`),
    look("C++ compiler", true, () => findCompiler(process.env).path),
    { ...cmakeJs, required: neither },
    nodeGyp,
    cache(),
  ];
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  const help = ok ? {} : { help: "install Node 20.19 or newer" };
  return { name: "Node", ok, required: true, found: process.versions.node, ...help };
}

const others = (builder: "cmake-js" | "node-gyp"): string =>
  findToolchain(builder)
    .others.map((tool) => tool.path)
    .join(", ");

/** What `find` gives, or its named error as a finding. */
function look(name: string, required: boolean, find: () => string): Finding {
  try {
    return { name, ok: true, required, found: find() };
  } catch (error) {
    if (!(error instanceof InceptError)) throw error;
    const help = error.help === undefined ? {} : { help: error.help };
    return { name, ok: false, required, found: error.message, ...help };
  }
}

/** Builds go beside the spec where they can, and here where they can't. */
function cache(): Finding {
  const folder = userCache();
  const advice = "set XDG_CACHE_HOME to a folder that is yours alone to write";
  const refuse = (found: string): Finding => ({
    name: "cache",
    ok: false,
    required: false,
    found,
    help: advice,
  });
  let existing = folder;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return refuse(`${folder} cannot be written`);
  }
  const why = existing === folder ? distrust(folder, statSync(folder)) : undefined;
  if (why !== undefined) return refuse(why);
  return { name: "cache", ok: true, required: false, found: folder };
}

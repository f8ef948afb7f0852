/**
 * `node --import inceptc/register`, or `-r`: makes `import net from "./foo.incept"` work in Node, and
 * `require("./foo.incept")`.
 */
import * as nodeModule from "node:module";
import { load } from "./hooks.js";
import type * as nodeSpecs from "./node-specs.js";

/** Hooks on the importing thread, of Node 22.15 and later: no loader thread to start. */
interface RegisterHooks {
  registerHooks?: (hooks: { load: typeof load }) => void;
}

const { registerHooks } = nodeModule as RegisterHooks;

if (registerHooks !== undefined) registerHooks({ load });
else nodeModule.register("./hooks.js", import.meta.url);

const own = nodeModule.createRequire(import.meta.url);

/** Reads the compiler only now: most programs import their specs, or have none. */
function requireSpec(module: NodeJS.Module, file: string): void {
  const { requiredSpec } = own("./node-specs.js") as typeof nodeSpecs;
  module.exports = requiredSpec(file);
}

// Node's hooks can't answer at once on all its versions, but this table can. The entry must not be
// enumerable: else `require("./net")` would find `net.incept` before the folder `net`.
Object.defineProperty(own.extensions, ".incept", {
  value: requireSpec,
  configurable: true,
  writable: true,
});

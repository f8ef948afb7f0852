/**
 * `node --import inceptc/register`: makes `import net from "./foo.incept"` work in Node.
 */
import * as nodeModule from "node:module";
import { load } from "./hooks.js";

/** Hooks on the importing thread, of Node 22.15 and later: no loader thread to start. */
interface RegisterHooks {
  registerHooks?: (hooks: { load: typeof load }) => void;
}

const { registerHooks } = nodeModule as RegisterHooks;

if (registerHooks !== undefined) registerHooks({ load });
else nodeModule.register("./hooks.js", import.meta.url);

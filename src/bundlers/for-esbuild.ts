import { incept } from "./incept.js";

export default incept.esbuild;
export type { InceptPluginOptions } from "./incept.js";

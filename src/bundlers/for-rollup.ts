import { incept } from "./incept.js";

export default incept.rollup;
export type { InceptPluginOptions } from "./incept.js";

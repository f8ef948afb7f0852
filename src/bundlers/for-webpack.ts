import { incept } from "./incept.js";

export default incept.webpack;
export type { InceptPluginOptions } from "./incept.js";

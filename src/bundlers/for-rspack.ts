import { incept } from "./incept.js";

export default incept.rspack;
export type { InceptPluginOptions } from "./incept.js";

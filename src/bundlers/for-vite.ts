import { incept } from "./incept.js";

export default incept.vite;
export type { InceptPluginOptions } from "./incept.js";

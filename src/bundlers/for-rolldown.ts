import { incept } from "./incept.js";

export default incept.rolldown;
export type { InceptPluginOptions } from "./incept.js";

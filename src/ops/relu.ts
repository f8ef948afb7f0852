import { elementwise } from "./activation.js";

/** max(x, 0); NaN stays NaN. */
export const relu = elementwise("relu", 0);

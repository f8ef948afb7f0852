import { elementwise } from "./activation.js";

/** 1 / (1 + exp(-x)) */
export const sigmoid = elementwise("sigmoid", 1e-6);

import { elementwise } from "./activation.js";

export const identity = elementwise("identity", 0);

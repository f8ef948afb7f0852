import { elementwise } from "./activation.js";

export const tanh = elementwise("tanh", 1e-6);

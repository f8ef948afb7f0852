import { elementwise, elementwiseOperator } from "./activation.js";

/** 1 / (1 + exp(-x)) */
export const sigmoid = elementwise("sigmoid", 1e-6);

export const sigmoidOperator = elementwiseOperator(sigmoid, "1 / (1 + exp(-x)).");

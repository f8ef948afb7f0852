import { elementwise, elementwiseOperator } from "./activation.js";

/** max(x, 0); NaN stays NaN. */
export const relu = elementwise("relu", 0);

export const reluOperator = elementwiseOperator(relu, "max(x, 0); NaN stays NaN.");

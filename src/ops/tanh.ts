import { elementwise, elementwiseOperator } from "./activation.js";

export const tanh = elementwise("tanh", 1e-6);

export const tanhOperator = elementwiseOperator(tanh, "The hyperbolic tangent.");

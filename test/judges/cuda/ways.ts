/**
 * How the program of a GPU is judged, on the simulator: in each precision after the passes, and as
 * written. A 16-bit result is rounded where it is stored, and so were its operands and weights.
 */
const target = "cuda-sim" as const;

export const gpuWays = [
  { title: "f32", target, passes: true, precision: "f32" },
  { title: "f32 as written", target, passes: false, precision: "f32" },
  { title: "f16", target, passes: true, precision: "f16", tolerance: 4e-3 },
  { title: "bf16", target, passes: true, precision: "bf16", tolerance: 3e-2 },
] as const;

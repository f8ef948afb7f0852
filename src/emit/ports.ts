import type { DType } from "../ops/primitive.js";
import { elements, type Shape } from "../ops/shape.js";
import { aligned, stringLiteral } from "./cpp.js";

export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** An array of shapes and the array of ports that points into it, rows aligned. */
export function portTable(kind: string, ports: readonly Port[]): readonly string[] {
  const rank = Math.max(...ports.map(({ shape }) => shape.length));
  const shapes = ports.map(({ shape }) => `{${shape.join(", ")}}`);
  const rows = ports.map(({ name, shape, dtype }, i) => [
    `    {${stringLiteral(name)}, `,
    `${kind}_shapes[${i}], `,
    `${shape.length}, `,
    `${elements(shape)}, `,
    `INCEPT_${dtype.toUpperCase()}},`,
  ]);
  return [
    `const std::int64_t ${kind}_shapes[][${rank}] = {`,
    ...shapes.map((shape) => `    ${shape},`),
    "};",
    `const incept_port ${kind}s[] = {`,
    ...aligned(rows),
    "};",
  ];
}

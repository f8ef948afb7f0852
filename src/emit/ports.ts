import type { DType, Extent } from "../ops/primitive.js";
import { elements, type Shape } from "../ops/shape.js";
import { aligned, stringLiteral } from "./cpp.js";

export interface Port {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** An array of shapes and the array of ports that points into it, rows aligned. */
export const portTable = (kind: string, ports: readonly Port[]): readonly string[] =>
  tableOf(kind, ports, "incept_port", (row) => row);

/** The same of ports that have numbers for each image or once for a batch. */
export const trainPortTable = (
  kind: string,
  ports: readonly (Port & { readonly extent: Extent })[],
): readonly string[] =>
  tableOf(kind, ports, "incept_train_port", ([name, ...cells], i) => [
    `    {${name!.trimStart()}`,
    ...cells.slice(0, -1),
    cells.at(-1)!.replace(/,$/, ", "),
    `INCEPT_${ports[i]!.extent.toUpperCase()}},`,
  ]);

function tableOf(
  kind: string,
  ports: readonly Port[],
  type: string,
  finish: (cells: readonly string[], index: number) => readonly string[],
): readonly string[] {
  const rank = Math.max(...ports.map(({ shape }) => shape.length));
  const shapes = ports.map(({ shape }) => `{${shape.join(", ")}}`);
  const rows = ports.map(({ name, shape, dtype }, i) =>
    finish(
      [
        `    {${stringLiteral(name)}, `,
        `${kind}_shapes[${i}], `,
        `${shape.length}, `,
        `${elements(shape)}, `,
        `INCEPT_${dtype.toUpperCase()}},`,
      ],
      i,
    ),
  );
  return [
    `const std::int64_t ${kind}_shapes[][${rank}] = {`,
    ...shapes.map((shape) => `    ${shape},`),
    "};",
    `const ${type} ${kind}s[] = {`,
    ...aligned(rows),
    "};",
  ];
}

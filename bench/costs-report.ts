/** How far the stated costs of kernels are from what was measured, as a table a kernel. */

/** One layer by one kernel, in microseconds on one core. */
export interface Priced {
  readonly network: string;
  readonly layer: string;
  readonly kernel: string;
  readonly way: string;
  /** Whether the stated costs chose it. */
  readonly chosen: boolean;
  readonly stated: number;
  readonly measured: number;
}

export const costsJson = (where: string, priced: readonly Priced[]): string =>
  `${JSON.stringify({ where, priced }, undefined, 1)}\n`;

/** A row a kernel as Markdown, and below it what wrong choices cost. */
export function costsText(where: string, priced: readonly Priced[]): string {
  const kernels = [...new Set(priced.map(({ kernel }) => kernel))];
  const rows = kernels.map((kernel) => kernelRow(priced.filter((each) => each.kernel === kernel)));
  const head = [
    "kernel",
    "layers",
    "sum stated",
    "sum measured",
    "median",
    "10 %",
    "90 %",
    "furthest",
  ];
  return [
    `${where}; one thread; µs, and measured / stated`,
    "",
    ...[head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`),
    "",
    choices(priced),
    "",
  ].join("\n");
}

function kernelRow(priced: readonly Priced[]): readonly string[] {
  const ratio = ({ stated, measured }: Priced): number => measured / stated;
  const sorted = [...priced].sort((a, b) => ratio(a) - ratio(b));
  const at = (share: number): string =>
    ratio(sorted[Math.round(share * (sorted.length - 1))]!).toFixed(2);
  const sum = (of: "stated" | "measured"): string =>
    priced.reduce((all, each) => all + each[of], 0).toFixed(0);
  const far = (each: Priced): number => Math.abs(Math.log(ratio(each)));
  const furthest = sorted.reduce((a, b) => (far(b) > far(a) ? b : a));
  const told = `${furthest.layer}: ${furthest.stated.toFixed(1)}, ${furthest.measured.toFixed(1)}`;
  const { kernel } = priced[0]!;
  return [
    kernel,
    `${priced.length}`,
    sum("stated"),
    sum("measured"),
    at(0.5),
    at(0.1),
    at(0.9),
    told,
  ];
}

/** Of layers that several kernels can compute: how often the fastest was chosen, and the price of the rest. */
function choices(priced: readonly Priced[]): string {
  const layers = [...new Set(priced.map(({ layer }) => layer))]
    .map((layer) => priced.filter((each) => each.layer === layer))
    .filter((ways) => ways.length > 1 && ways.some(({ chosen }) => chosen));
  const right = layers.filter((ways) => chosenTime(ways) === leastTime(ways));
  const sum = (time: (ways: readonly Priced[]) => number): number =>
    layers.reduce((all, ways) => all + time(ways), 0);
  const lost = sum(chosenTime) / sum(leastTime) - 1;
  return (
    `Of ${layers.length} layers with several kernels the fastest was chosen of ${right.length}; ` +
    `the others cost ${(100 * lost).toFixed(1)} % of all their time.`
  );
}

const chosenTime = (ways: readonly Priced[]): number => ways.find(({ chosen }) => chosen)!.measured;

const leastTime = (ways: readonly Priced[]): number =>
  Math.min(...ways.map(({ measured }) => measured));

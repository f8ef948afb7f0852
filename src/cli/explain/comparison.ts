/** What networks cost, side by side, as text. */
import { basename } from "node:path";
import { millions } from "../../diagnostics/counted.js";
import { displayPath } from "../../files/display.js";
import { formatShape, type Shape } from "../../ops/shape.js";
import { figure } from "../figures.js";
import { bytes, grouped } from "../terminal.js";
import { fitted } from "./fitted.js";

export interface Compared {
  readonly spec: string;
  readonly model: string;
  readonly inputs: readonly Shape[];
  /** Learned numbers. */
  readonly parameters: number;
  /** Multiply-adds for one image. */
  readonly macs: number;
  /** Of the weights as a run reads them. */
  readonly weightBytes: number;
  /** Of the values of one image. */
  readonly arenaBytes: number;
  /** The median time of a run of one image here, with `--measure`. */
  readonly milliseconds?: number;
}

/** A row a network, and below what each has of the first one's. */
export function comparisonText(networks: readonly Compared[]): string {
  const names = namesOf(networks);
  const measured = networks.some(({ milliseconds }) => milliseconds !== undefined);
  const head = ["network", "input", "parameters", "MACs", "weights", "arena"];
  const rows = networks.map((network, i) => [
    names[i]!,
    network.inputs.map(formatShape).join(", "),
    grouped(network.parameters),
    millions(network.macs),
    bytes(network.weightBytes),
    bytes(network.arenaBytes),
    ...(measured ? [`${(network.milliseconds ?? NaN).toFixed(1)} ms`] : []),
  ]);
  const table = fitted(
    [[...head, ...(measured ? ["one image"] : [])], ...rows],
    0,
    [2, 3, 4, 5, 6],
  );
  return `${table}\n\n${ratios(networks, names).join("\n")}`;
}

/** `AlexNet beside GoogLeNet: 8.73x the parameters, 0.451x the multiply-adds` */
function ratios([first, ...others]: readonly Compared[], names: readonly string[]): string[] {
  return others.map((other, i) => {
    const times = (key: "parameters" | "macs" | "milliseconds", what: string): string[] => {
      const [of, to] = [first?.[key], other[key]];
      return of === undefined || to === undefined || of === 0
        ? []
        : [`${figure(to / of, 3)}x the ${what}`];
    };
    const parts = [
      ...times("parameters", "parameters"),
      ...times("macs", "multiply-adds"),
      ...times("milliseconds", "time"),
    ];
    return `${names[i + 1]!} beside ${names[0]!}: ${parts.join(", ")}`;
  });
}

/** The models', or where two are called alike, of all the files'. */
function namesOf(networks: readonly Compared[]): readonly string[] {
  const candidates = [
    networks.map(({ model }) => model),
    networks.map(({ spec }) => basename(spec, ".incept")),
  ];
  const distinct = candidates.find((names) => new Set(names).size === names.length);
  return distinct ?? networks.map(({ spec }) => displayPath(spec));
}

import { Command, Option } from "commander";
import { counted, millions } from "../../diagnostics/counted.js";
import { buildGraph } from "../../graph/build.js";
import type { Graph } from "../../graph/graph.js";
import { printGraph } from "../../graph/print.js";
import { channels, formatShape, type Shape } from "../../ops/shape.js";
import { runPasses } from "../../passes/run.js";
import type { Plan } from "../../plan/plan.js";
import { type ArenaRow, arenaRows, type Row, rowsOf, totalsOf } from "../../plan/report.js";
import { pipelineOf, targetOf } from "../../build/project/project.js";
import { variantOf } from "../../build/choose/variant.js";
import { hostLevel } from "../../targets/cpu/level.js";
import type { Compiled } from "../../targets/target.js";
import { kernelCell, launchRows, launchTotals, refusals } from "../explain/kernels.js";
import { passesJson, passesText } from "../explain/passes.js";
import { taskRows } from "../explain/tasks.js";
import { convsInKernels } from "../kernel-counts.js";
import { loadNetwork, type ModelFlags } from "../network.js";
import {
  type BuildFlags,
  precisionOption,
  targetOption,
  withModelFlags,
  withoutOption,
} from "../options.js";
import { bytes, grouped, print, printJson, stdoutColumns, table } from "../terminal.js";

interface Flags extends ModelFlags, Pick<BuildFlags, "target" | "precision" | "without"> {
  readonly graph?: boolean;
  readonly passes?: boolean;
  readonly memory?: boolean;
  readonly kernels?: boolean;
  readonly aux?: boolean;
}

export const explain = (): Command =>
  withModelFlags(new Command("explain"))
    .description("show stages, shapes, parameters and multiply-adds, and what becomes of them")
    .argument("<spec>", "a .incept file")
    .option("--graph", "the graph as written; with --passes that after each pass")
    .addOption(view("passes", "what each pass did and left, and why"))
    .addOption(view("memory", "where every value lives in the arena, and when"))
    .addOption(view("kernels", "what is launched after the passes"))
    .addOption(withoutOption())
    .addOption(targetOption())
    .addOption(precisionOption())
    .option("--aux", "with the auxiliary heads")
    .action((spec: string, flags: Flags) => {
      const network = loadNetwork(spec, flags);
      const written = buildGraph(network, { aux: flags.aux === true });
      const variant = variantOf({ spec, network, ...flags, passes: true });
      const target = targetOf(variant, hostLevel());
      const { graph, log } = runPasses(written, target.traits, pipelineOf(variant));
      if (flags.passes === true) {
        return show(flags, passesJson(log), passesText(log, flags.graph === true));
      }
      if (flags.graph === true) {
        return show(flags, { graph: printGraph(written) }, printGraph(written));
      }
      if (flags.memory === true) return memory(flags, target.compile(graph).plan);
      if (flags.kernels === true) return kernels(flags, target.compile(graph));
      return rows(flags, written);
    });

/** Each shows something else than the others. */
const view = (name: string, description: string): Option =>
  new Option(`--${name}`, description).conflicts(
    ["graph", "passes", "memory", "kernels"].filter(
      (other) => other !== name && !(name === "passes" && other === "graph"),
    ),
  );

function show(flags: Flags, data: unknown, text: string): void {
  if (flags.json === true) printJson(data);
  else print(text);
}

/** All steps of a graph as written. */
function rows(flags: Flags, graph: Graph): void {
  const all = rowsOf(graph);
  const totals = totalsOf(graph);
  if (flags.json === true) return printJson({ model: graph.name, rows: all, totals });
  const head = ["step", "operator", "output", "parameters", "MACs"];
  print(fitted([head, ...all.map(cells)], 1, [3, 4]));
  print(
    `\n${graph.name}: ${counted(totals.parameters, "parameter")}, ${millions(totals.macs)} multiply-adds an image, ` +
      `${counted(totals.convolutions, "conv")}, ${counted(all.length, "step")}`,
  );
}

/** What is launched on the CPU, by which kernel and why. */
function launches(flags: Flags, compiled: Compiled): void {
  const all = launchRows(compiled);
  const { graph, placement } = compiled.plan;
  if (flags.json === true) {
    return printJson({ model: graph.name, rows: all, totals: totalsOf(graph, placement) });
  }
  const rows = all.map((row) => [
    pathCell(row),
    row.operator,
    kernelCell(row),
    (row.nanoseconds / 1000).toFixed(1),
  ]);
  print(fitted([["step", "operator", "kernel", "µs"], ...rows], 1, [3]));
  const why = refusals(all);
  if (why.length > 0) print(`\nKernels that were not taken, and how often:\n${why.join("\n")}`);
  const total = all.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);
  print(
    `\nµs: estimates for one core, which kernels are chosen by; together ${(total / 1e6).toFixed(1)} ms`,
  );
  print(launchTotals(compiled, all));
}

/** The launches of the CPU; of a GPU the tasks, with every copy around a library's call. */
function kernels(flags: Flags, compiled: Compiled): void {
  const { program } = compiled;
  const { graph } = compiled.plan;
  if (program.target === "cpu") return launches(flags, compiled);
  const tasks = taskRows(program);
  const copies = tasks.flatMap(({ calls }) => calls).filter((name) => /^(copy|pad)$/.test(name));
  const totals = { tasks: tasks.length, convolutions: program.kernels, copies: copies.length };
  if (flags.json === true) return printJson({ model: graph.name, tasks, totals });
  const head = ["task", "calls", "reads", "writes", "waits for"];
  const cells = tasks.map(({ name, calls, reads, writes, after }) => [
    name,
    calls.join(" + "),
    reads.join(", "),
    writes.join(", "),
    after.join(", "),
  ]);
  print(fitted([head, ...cells], 4, []));
  print(
    `\n${graph.name}: ${convsInKernels(program)}, ${counted(totals.tasks, "task")}, ` +
      counted(totals.copies, "copy", "copies"),
  );
}

/** The first of the steps that a launch computes, and how many more. */
function pathCell({ paths: [first = "", ...more] }: Row): string {
  return more.length > 0 ? `${first} +${more.length}` : first;
}

function cells(row: Row): string[] {
  return [
    row.paths[0] ?? "",
    row.operator,
    shapes(row.outputs),
    row.parameters === 0 ? "" : grouped(row.parameters),
    row.macs === 0 ? "" : millions(row.macs),
  ];
}

/** `64+96+16 x 28x28` for what merged siblings give. */
function shapes(outputs: readonly Shape[]): string {
  const [first = [], ...others] = outputs;
  if (others.length === 0) return formatShape(first);
  const [, ...plane] = first;
  return `${outputs.map(channels).join("+")} x ${plane.join("x")}`;
}

/** On a terminal one column gives way where a row is wider; elsewhere every row is whole. */
function fitted(
  rows: readonly (readonly string[])[],
  flexible: number,
  right: readonly number[],
): string {
  const whole = table(rows, right);
  const over = Math.max(...whole.split("\n").map((row) => row.length)) - stdoutColumns();
  if (over <= 0) return whole;
  const room = Math.max(12, Math.max(...rows.map((row) => row[flexible]?.length ?? 0)) - over);
  const cut = (cell: string, i: number): string =>
    i === flexible && cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
  return table(
    rows.map((row) => row.map(cut)),
    right,
  );
}

function memory(flags: Flags, plan: Plan): void {
  const arena = arenaRows(plan);
  const copies = plan.placement.copies.map(({ operand, into, why }) => ({
    operand: operand.name,
    into: into.name,
    why,
  }));
  if (flags.json === true) return printJson({ arenaBytes: plan.arenaBytes, rows: arena, copies });
  const head = ["offset", "bytes", "levels", "holds"];
  print(table([head, ...arena.map(arenaCells)], [0, 1]));
  if (copies.length > 0) print("\nCopied by a concat, since it cannot be written there at once:");
  for (const { operand, into, why } of copies) print(`  ${operand} into ${into}: ${why}`);
  print(`\n${plan.graph.name}: ${bytes(plan.arenaBytes)} for one image`);
}

const arenaCells = ({ name, kind, slices, offset, bytes: size, from, to }: ArenaRow): string[] => [
  grouped(offset),
  grouped(size),
  from === to ? String(from) : `${from}-${to}`,
  kind === "scratch"
    ? `scratch of ${name}`
    : [name, ...slices.map((slice) => `+ ${slice}`)].join(" "),
];

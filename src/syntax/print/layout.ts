/** The columns that the members of one pair of braces stand in. */
import type { Call, Line } from "./lines.js";
import { labelColumns } from "./labels.js";
import { adopted, type Cells, columnsOf, type Table, type TableRow, tableOf } from "./tables.js";
import type { Tape } from "./tape.js";

/** Spaces that bring a member into its columns. */
export interface Layout {
  /** Behind its colon. */
  label: number;
  /** Around the arguments of the call that is its first step. */
  cells?: Cells;
  /** Before `as`. */
  as: number;
  /** What the comment over it becomes. */
  header?: string;
}

export const plain: Layout = { label: 0, as: 0 };

export interface Frame {
  readonly indent: number;
  /** The widest row in which something is aligned. */
  readonly widest: number;
  /** The branches of a join, all of whose labels share a column. */
  readonly isJoin: boolean;
}

interface Member extends TableRow {
  readonly line: Line;
  readonly layout: Layout;
}

export function layOut(
  tape: Tape,
  lines: readonly (Line | undefined)[],
  frame: Frame,
): readonly Layout[] {
  const columns = labelColumns(lines, frame.isJoin);
  const layouts: Layout[] = lines.map((line, i) => ({
    label: line?.label === undefined ? 0 : columns[i]! - line.label,
    as: 0,
  }));
  const members = lines.map((line, i): Member | undefined =>
    line?.call
      ? {
          line,
          layout: layouts[i]!,
          first: line.first,
          call: line.call,
          start: frame.indent + columns[i]! + ` ${line.callee!}(`.length,
        }
      : undefined,
  );
  layTables(tape, members, frame);
  layNames(tape, members, frame);
  return layouts;
}

function layTables(tape: Tape, members: readonly (Member | undefined)[], frame: Frame): void {
  const groups = new Map<string, Member[]>();
  for (const member of members) {
    if (member === undefined || member.call.args.length === 0) continue;
    const group = groups.get(member.call.signature);
    if (group === undefined) groups.set(member.call.signature, [member]);
    else group.push(member);
  }
  const tables = [...groups.values()].map((rows) => ({
    rows,
    table: tableOf(tape, rows, frame.indent, frame.widest),
  }));
  const largest = largestOf(tables.map(({ table }) => table));
  const columns = largest && columnsOf(tape, largest);
  for (const { rows, table } of tables) {
    const inLargest = columns && table !== largest ? adopted(tape, columns, rows) : undefined;
    rows.forEach(({ layout, call }, i) => {
      layout.cells = inLargest?.[i] ?? table?.cells[i] ?? unaligned(call);
    });
    if (inLargest === undefined && table?.header !== undefined) {
      rows[0]!.layout.header = table.header;
    }
  }
}

/** The one with the most rows, and of those the first. */
const largestOf = (tables: readonly (Table | undefined)[]): Table | undefined =>
  tables.reduce(
    (most, table) => ((table?.rows.length ?? 0) > (most?.rows.length ?? 0) ? table : most),
    undefined,
  );

/** On one row like those of a table: otherwise it would be none of the rows next time. */
function unaligned({ args }: Call): Cells {
  const none = args.map(() => 0);
  return { before: none, behind: none };
}

/** `as` stands below `as` where calls with it and nothing else stand below each other. */
function layNames(tape: Tape, members: readonly (Member | undefined)[], frame: Frame): void {
  let run: Member[] = [];
  for (const member of [...members, undefined]) {
    const goesOn = member?.line.isRenamed === true && (run.length === 0 || member.line.isNext);
    if (!goesOn) {
      alignNames(tape, run, frame);
      run = [];
    }
    if (member?.line.isRenamed === true) run.push(member);
  }
}

function alignNames(tape: Tape, run: readonly Member[], { widest }: Frame): void {
  const ends = run.map(({ start, call, layout: { cells } }) => {
    const spaces = cells === undefined ? [] : [...cells.before, ...cells.behind];
    const width = tape.width(call.name, call.last) - tape.image(call.name).length;
    return start - 1 + width + spaces.reduce((sum, each) => sum + each, 0);
  });
  const end = ends.reduce((most, each) => Math.max(most, each), 0);
  if (end > widest) return;
  run.forEach(({ layout }, i) => (layout.as = end - ends[i]!));
}

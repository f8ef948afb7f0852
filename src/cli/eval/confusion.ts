/** What was taken for what: of a table of counts, a row a class, a column an answer. */

export interface ClassScore {
  readonly label: string;
  readonly pictures: number;
  readonly right: number;
}

export interface Confusion {
  /** The class, and what it was taken for. */
  readonly label: string;
  readonly taken: string;
  readonly times: number;
  /** Pictures of the class. */
  readonly of: number;
}

export class ConfusionTable {
  readonly classes: readonly ClassScore[];

  constructor(
    private readonly counts: Uint32Array,
    private readonly labels: readonly string[],
  ) {
    this.classes = labels.map((label, i) => {
      const row = this.row(i);
      return { label, pictures: row.reduce((sum, count) => sum + count, 0), right: row[i] ?? 0 };
    });
  }

  row(i: number): readonly number[] {
    const { length } = this.labels;
    return [...this.counts.subarray(i * length, (i + 1) * length)];
  }

  /** Those that happen most often; of equals in the order of the table. */
  confused(most: number): readonly Confusion[] {
    const { labels, classes } = this;
    const all = labels.flatMap((label, i) =>
      this.row(i).flatMap((times, j) =>
        i === j || times === 0
          ? []
          : [{ label, taken: labels[j]!, times, of: classes[i]!.pictures }],
      ),
    );
    return all.sort((a, b) => b.times - a.times).slice(0, most);
  }

  /** The first row and column name the classes. */
  csv(): string {
    const head = ["class", ...this.labels].map(quoted).join(",");
    const rows = this.labels.map((label, i) => [quoted(label), ...this.row(i)].join(","));
    return `${[head, ...rows].join("\n")}\n`;
  }
}

const quoted = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

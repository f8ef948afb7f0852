/** The rows that are printed, and the comments at their ends, which are aligned when all are known. */

/** Between a row and the comment at its end. */
const distance = 3;

/** What lets a finding of the row below pass, and not of the one after that. */
const allows = /^ *\/\/\s*allow\s/;

interface Row {
  readonly text: string;
  readonly remark?: string;
  /** The brackets that the row stands in: comments in the same ones share a column. */
  readonly group: number;
}

export class Rows {
  /** Where what is opened on this row is indented from. */
  base = 0;
  private readonly done: Row[] = [];
  private text: string | undefined;
  private fresh = true;
  private remark: string | undefined;
  private group = 0;
  /** Of the row that is being written: what it opens is inside of others, not itself. */
  private rowGroup = 0;
  private groups = 0;

  /** @param width the longest row whose comment others stand under */
  constructor(private readonly width: number) {}

  get column(): number {
    return this.text?.length ?? 0;
  }

  /** How many rows there were before this one. */
  get count(): number {
    return this.done.length;
  }

  /** Whether nothing stands on this row yet. */
  get isFresh(): boolean {
    return this.fresh;
  }

  /** The text may have several rows. */
  write(text: string): void {
    const [first = "", ...others] = text.split("\n");
    this.text = (this.text ?? "") + first;
    if (text !== "") this.fresh = false;
    for (const row of others) {
      this.end();
      this.text = row;
    }
  }

  /** A comment that ends the row. */
  close(remark: string): void {
    if (this.isFresh) this.write(remark);
    else this.remark = remark;
  }

  start(indent: number, blank = false): void {
    if (this.text !== undefined) this.end();
    if (blank) this.done.push({ text: "", group: 0 });
    this.text = " ".repeat(indent);
    this.fresh = true;
    this.rowGroup = this.group;
  }

  /** Whether a comment speaks of this row: all that the text has on it stays on it. */
  get isSpokenOf(): boolean {
    return allows.test(this.done.at(-1)?.text ?? "");
  }

  /** What is printed meanwhile stands in brackets of its own. */
  enter(): number {
    const outer = this.group;
    this.group = ++this.groups;
    return outer;
  }

  /** The row of the bracket that closes stands outside again. */
  leave(outer: number): void {
    this.group = outer;
    this.rowGroup = outer;
  }

  toString(): string {
    if (this.text !== undefined) this.end();
    const columns = this.columns();
    return this.done
      .map(({ text, remark, group }) => {
        if (remark === undefined) return `${text}\n`;
        const column = Math.max(columns.get(group) ?? 0, text.length + distance);
        return `${text.padEnd(column)}${remark}\n`;
      })
      .join("");
  }

  private columns(): Map<number, number> {
    const columns = new Map<number, number>();
    for (const { text, remark, group } of this.done) {
      if (remark === undefined || text.length > this.width) continue;
      columns.set(group, Math.max(columns.get(group) ?? 0, text.length + distance));
    }
    return columns;
  }

  private end(): void {
    const { text = "", remark, rowGroup: group } = this;
    const row = { text: text.trimEnd(), group };
    this.done.push(remark === undefined ? row : { ...row, remark });
    this.text = undefined;
    this.remark = undefined;
  }
}

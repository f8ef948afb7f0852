/** How fast a run goes, and how long it will go on. */

/** What remains of a run. */
export interface Remaining {
  /** Pictures of this epoch. */
  readonly pictures: number;
  /** Pictures of the epochs after it. */
  readonly later: number;
  /** Validations, that of this epoch included. */
  readonly validations: number;
}

/** Seconds that are looked back on: long enough to be steady, short enough to follow a change. */
const span = 20;

export class Pace {
  /** Pictures that were seen, at times in seconds. */
  private marks: { readonly time: number; readonly pictures: number }[] = [];
  private validation: number | undefined;

  /** @param now seconds that never go back */
  constructor(private readonly now: () => number = () => performance.now() / 1000) {}

  /** Steps begin here: after a start, and after a validation, whose time is no step's. */
  begin(): void {
    const [first] = this.marks;
    const last = this.marks.at(-1);
    const time = this.now();
    if (first === undefined || last === undefined) this.marks = [{ time, pictures: 0 }];
    // What lies between is cut out.
    else this.marks = this.marks.map((mark) => ({ ...mark, time: mark.time + time - last.time }));
  }

  step(pictures: number): void {
    const time = this.now();
    const before = this.marks.at(-1)?.pictures ?? 0;
    this.marks.push({ time, pictures: before + pictures });
    while (this.marks.length > 2 && this.marks[1]!.time < time - span) this.marks.shift();
  }

  validated(seconds: number): void {
    this.validation = seconds;
  }

  /** Pictures a second; undefined before the first step. */
  get rate(): number | undefined {
    const [first, last] = [this.marks[0], this.marks.at(-1)];
    if (first === undefined || last === undefined || last.time <= first.time) return undefined;
    return (last.pictures - first.pictures) / (last.time - first.time);
  }

  /**
   * Seconds of this epoch's steps, and of all that is left. A validation counts as long as the last
   * one took; before there was one, as nothing.
   */
  left({ pictures, later, validations }: Remaining): { epoch: number; all: number } | undefined {
    const { rate } = this;
    if (rate === undefined || rate <= 0) return undefined;
    const all = (pictures + later) / rate + validations * (this.validation ?? 0);
    return { epoch: pictures / rate, all };
  }
}

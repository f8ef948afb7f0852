import { expect, test } from "vitest";
import { ConfusionTable } from "../../../src/cli/eval/confusion.js";
import { outputText } from "../../../src/cli/eval/report.js";

test("a table of few classes, and what is confused most", () => {
  const table = new ConfusionTable(Uint32Array.of(8, 2, 0, 1, 9, 0, 0, 0, 0), [
    "cat",
    'a,"b"',
    "eel",
  ]);
  expect(outputText("prob", { loss: 0.5, top1: 0.85, top5: 1 }, 20, table)).toBe(
    `prob: 20 pictures  top-1 85.0 %  loss 0.5000

Rows are classes, columns what they were taken for:
          0  1  2   right
  0  cat    8  2  ·  80.0 %
  1  a,"b"  1  9  ·  90.0 %
  2  eel    ·  ·  ·       -

Most confused:
  cat taken for a,"b" 2 times of 10
  a,"b" taken for cat once of 10`.replace("          0", "            0"),
  );
  expect(table.csv()).toBe('class,cat,"a,""b""",eel\ncat,8,2,0\n"a,""b""",1,9,0\neel,0,0,0\n');
});

test("of many classes the worst, in 80 columns", () => {
  const count = 100;
  const counts = Uint32Array.from({ length: count ** 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / count), i % count];
    return row === column ? row : column === (row + 1) % count ? 1 : 0;
  });
  const labels = Array.from({ length: count }, (_, i) => `a class of a very long name ${i}`);
  const text = outputText(
    "prob",
    { loss: 1, top1: 0.9, top5: 1 },
    5050,
    new ConfusionTable(counts, labels),
  );
  expect(text).toContain("top-5 100.0 %");
  expect(text).toMatch(/The worst of 100 classes:\n {2}a class of a very l… +0\.0 % +0 of 1\n/);
  for (const row of text.split("\n")) expect(row.length).toBeLessThanOrEqual(80);
});

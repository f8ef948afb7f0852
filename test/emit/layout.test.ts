import { expect, it } from "vitest";
import { rowsStatement, statement } from "../../src/emit/cpp.js";
import { formatComplaints } from "./clang-format.js";

const letters = (count: number): string => "x".repeat(count);

it("breaks calls where clang-format does, whatever their lengths", () => {
  const statements: string[] = [];
  for (const head of [4, 20, 37, 52, 70]) {
    for (const count of [1, 2, 3, 5, 8, 13, 30]) {
      for (const width of [1, 7, 12, 25, 40]) {
        const args = Array.from({ length: count }, (_, i) => letters(Math.max(1, width - (i % 5))));
        statements.push(statement(letters(head), args));
      }
    }
  }
  expect(inFunction(statements)).toBe("");
});

it("breaks lists of rows where clang-format does", () => {
  const statements: string[] = [];
  for (const count of [1, 2, 3, 4, 5, 9]) {
    for (const width of [3, 8, 14, 20, 27, 34, 40]) {
      const rows = Array.from({ length: count }, (_, i) =>
        i % 4 === 3
          ? `{nullptr, ${width}}`
          : `{p[parameter::${letters(width - (i % 3))}], ${10 ** i}}`,
      );
      for (const to of ["s", "s + 12345", "w + 1234567"]) {
        statements.push(rowsStatement("concat_rows", to, rows));
      }
    }
  }
  expect(inFunction(statements)).toBe("");
});

const inFunction = (statements: readonly string[]): string =>
  formatComplaints(new Map([["layout.cpp", `void f() {\n${statements.join("\n")}\n}\n`]]));

import { readFileSync } from "node:fs";
import { generateCstDts } from "@chevrotain/cst-dts-gen";
import { createSyntaxDiagramsCode } from "chevrotain";
import { format } from "prettier";
import { InceptParser } from "./parser.js";
import { textMateGrammar } from "./textmate.js";

/** The committed files that follow from the grammar, by name in this folder. */
export async function generatedFiles(): Promise<Record<string, string>> {
  const parser = new InceptParser();
  const cst = generateCstDts(parser.getGAstProductions());
  const html = withoutNetwork(createSyntaxDiagramsCode(parser.getSerializedGastProductions()));
  const textMate = JSON.stringify(textMateGrammar());
  return {
    "cst.generated.d.ts": await format(cst, { parser: "typescript", printWidth: 100 }),
    "syntax.html": html.trimStart(),
    "incept.tmLanguage.json": await format(textMate, { parser: "json", printWidth: 100 }),
  };
}

/** Chevrotain's page loads its scripts from a CDN; they go into the page instead. */
function withoutNetwork(html: string): string {
  return html
    .replace(/<link rel='stylesheet' href='[^']*\/diagrams\/([^']+)'>/g, (_, path: string) => {
      return `<style>\n${asset(path)}</style>`;
    })
    .replace(/<script src='[^']*\/diagrams\/([^']+)'><\/script>/g, (_, path: string) => {
      return `<script>\n${asset(path)}</script>`;
    });
}

/** Not among the package's exports, but a part of it, since its page refers to it. */
const asset = (path: string): string =>
  readFileSync(new URL(`../node_modules/chevrotain/diagrams/${path}`, import.meta.url), "utf8");

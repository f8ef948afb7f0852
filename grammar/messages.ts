import { type IParserErrorMessageProvider, tokenLabel, type TokenType } from "chevrotain";

/**
 * What the parser says was expected, in words: `a name`, `a step after ->`, `, or )`. Chevrotain
 * hands on one string for an error, and the finding adds what was found, so this is the half that
 * only the grammar knows.
 */
export const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, ruleName }) => words(expected, ruleName),
  buildNotAllInputParsedMessage: () => declarations,
  buildNoViableAltMessage: ({ ruleName }) => alternatives[ruleName] ?? "something else",
  buildEarlyExitMessage: ({ ruleName }) => alternatives[ruleName] ?? "something else",
};

const declarations = "import, const, defaults, module or model";

/** For the rules that choose, what they choose from. */
const alternatives: Readonly<Record<string, string>> = {
  declaration: declarations,
  member: "a stage, output, aux, labels or train",
  chain: "a step",
  step: "a step",
  branches: "a branch: a name, a colon and its steps",
  importDeclaration: "the name of a module",
  primary: "a value",
  value: "a value",
  inputDeclaration: "the size of a dimension",
};

/** Where a token ends a repetition, what else could have stood there is named too. */
const closers: Readonly<Record<string, string>> = {
  "} defaultsDeclaration": "an operator's name or }",
  "} defaultsEntry": "a field or }",
  "} train": "a field or }",
  "} record": "a field or }",
  "} modelDeclaration": "a stage, output, aux, labels, train or }",
  "} moduleDeclaration": "-> or }",
  "} branches": "a branch or }",
  "} residual": "-> or }",
  "} repeat": "-> or }",
  "} importDeclaration": "a comma or }",
  ") args": "a comma or )",
  ") repeat": ", from: or )",
  ") params": "a comma or )",
  "] list": "a comma or ]",
  "] inputDeclaration": "a comma or ]",
  "{ moduleDeclaration": "the module's parameters or {",
  "{ modelDeclaration": "the model's parameters or {",
  "a name moduleDeclaration": "the module's name",
  "a name modelDeclaration": "the model's name",
  "a name constDeclaration": "the constant's name",
  "a name inputDeclaration": "the input's name",
  "a name output": "the output's name",
  "a name aux": "the aux's name",
  "a name flow": "the name of an earlier stage",
  "a name call": "a step",
  "input inputDeclaration": "the model's input",
};

function words(expected: TokenType, ruleName: string): string {
  const label = tokenLabel(expected);
  return closers[`${label} ${ruleName}`] ?? label;
}

/** What the process's exit code says; docs and `--help` list the same four. */
export const exitCode = { ok: 0, no: 1, couldNot: 2, bug: 70 } as const;

/** Ends a verb whose answer is no: the message has been printed. */
export class Refusal extends Error {}

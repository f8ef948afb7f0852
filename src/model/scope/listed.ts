const most = 8;

/** `a, b and c`; long lists end in how many more there are. */
export function listed(names: readonly string[]): string {
  if (names.length > most)
    return `${names.slice(0, most).join(", ")} and ${names.length - most} more`;
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

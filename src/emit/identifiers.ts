/**
 * Words that mean something to C++ or to a macro of its headers, in the lower case that all
 * identifiers have.
 */
const taken = new Set(
  `alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t
  char32_t class co_await co_return co_yield compl concept const const_cast consteval constexpr
  constinit continue decltype default delete do double dynamic_cast else enum explicit export extern
  false final float for friend goto if import inline int long module mutable namespace new noexcept
  not not_eq nullptr operator or or_eq override private protected public register reinterpret_cast
  requires return short signed sizeof static static_assert static_cast struct switch template this
  thread_local throw true try typedef typeid typename union unsigned using virtual void volatile
  wchar_t while xor xor_eq
  assert errno linux major makedev minor offsetof setjmp stderr stdin stdout unix va_arg va_copy
  va_end va_start incept std`.split(/\s+/),
);

const longest = 40;

/**
 * A C++ identifier that reads like the path: `Inception_3a.b3.1` -> `inception_3a_b3_1`. Letters
 * are small, so that no macro in capitals is hit; what is not a letter or digit is one underscore.
 */
export function identifier(path: string): string {
  const words = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, longest)
    .replace(/_+$/, "");
  const name = /^[a-z]/.test(words) ? words : words === "" ? "unnamed" : `n${words}`;
  return taken.has(name) ? `${name}_` : name;
}

/** Identifiers for one scope: the same thing has the same one, different things never share. */
export class Identifiers<T> {
  private readonly names = new Map<T, string>();
  private readonly used = new Set<string>();

  constructor(private readonly wish: (thing: T) => string) {}

  of(thing: T): string {
    const known = this.names.get(thing);
    if (known !== undefined) return known;
    const wanted = identifier(this.wish(thing));
    let name = wanted;
    for (let n = 2; this.used.has(name); n++)
      name = `${wanted}${wanted.endsWith("_") ? "" : "_"}${n}`;
    this.names.set(thing, name);
    this.used.add(name);
    return name;
  }
}

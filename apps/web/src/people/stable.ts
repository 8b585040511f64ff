/** Reads again each time, and gives the value of before where the new one is the same to look at, as React wants it. */
export function stable<T>(read: () => T, same: (a: T, b: T) => boolean): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    const value = read();
    if (known === undefined || !same(known.value, value)) known = { value };
    return known.value;
  };
}

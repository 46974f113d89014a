/** Figures out of what programs print. */

/**
 * The value at a place of a JSON text: `valueAt('{"a":[7]}', 'a', 0)` is 7.
 * @throws Error when there is no such place
 */
export function valueAt(json: string, ...place: readonly (string | number)[]): unknown {
  let value: unknown = JSON.parse(json);
  for (const step of place) {
    if (typeof value !== 'object' || value === null) throw new Error(`there is no ${place.join('/')} in the answer`);
    value = Reflect.get(value, step);
  }
  return value;
}

/** The number at a place of a JSON text. Throws as {@link valueAt}, and when it is none. */
export function numberAt(json: string, ...place: readonly (string | number)[]): number {
  const value = valueAt(json, ...place);
  if (typeof value !== 'number') throw new Error(`${place.join('/')} is no number in the answer`);
  return value;
}

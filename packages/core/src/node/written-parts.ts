/** What is left of some parts when so many of their bytes were written: the system may take fewer than it was given. */
export function after(parts: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let written = bytes;
  return parts.flatMap((part) => {
    const rest = part.subarray(Math.min(written, part.length));
    written -= part.length - rest.length;
    return rest.length > 0 ? [rest] : [];
  });
}

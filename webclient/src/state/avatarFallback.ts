/** The stand-in for a missing avatar: a stable hue for each name, and its initials. */

/** From 0 to 359; the same for a name however it is written. */
export function hue(name: string): number {
  // FNV-1a: names that differ in a letter are far apart.
  let hash = 0x811c9dc5;
  for (const letter of name.toLowerCase()) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return (hash >>> 8) % 360;
}

/** One or two letters, of the words of a name. */
export function initials(name: string): string {
  const words = name.replace(/^[#&]/, "").split(/[\s_.-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[1]] : [words[0]];
  return letters.map((word) => [...(word ?? "?")][0] ?? "").join("").toUpperCase();
}

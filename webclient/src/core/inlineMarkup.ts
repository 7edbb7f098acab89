/** Inline markup around a selection: toggles bold, italic and code. */

/** Put `text` in the place of what stands from `start` to `end`; then what stands from `from` to `to` is selected. */
export interface TextEdit {
  start: number;
  end: number;
  text: string;
  from: number;
  to: number;
}

/** Give the mark to what is selected, or take it away where it has it already, inside or around. */
export function toggleMarkup(text: string, start: number, end: number, mark: string): TextEdit {
  const selected = text.slice(start, end);
  const { length } = mark;
  if (selected.length >= 2 * length && has(selected, 0, selected.length, mark)) {
    const bare = selected.slice(length, -length);
    return { start, end, text: bare, from: start, to: start + bare.length };
  }
  if (isAround(text, start, end, mark)) {
    return { start: start - length, end: end + length, text: selected, from: start - length, to: end - length };
  }
  return { start, end, text: mark + selected + mark, from: start + length, to: end + length };
}

/** The text from `start` to `end` begins and ends with the mark, and with no other one that is written with the same sign. */
function has(text: string, start: number, end: number, mark: string): boolean {
  return isMark(run(text, start, 1, mark), mark) && isMark(run(text, end - 1, -1, mark), mark);
}

function isAround(text: string, start: number, end: number, mark: string): boolean {
  return isMark(run(text, start - 1, -1, mark), mark) && isMark(run(text, end, 1, mark), mark);
}

/** How often the mark's sign stands there, in one direction. */
function run(text: string, at: number, step: 1 | -1, mark: string): number {
  let count = 0;
  while (text[at + step * count] === mark[0]) count++;
  return count;
}

/** One sign of two marks: `*` is italic, `**` bold, `***` both. */
function isMark(count: number, mark: string): boolean {
  return mark.length === 2 ? count >= 2 : mark === "*" ? count % 2 === 1 : count >= 1;
}

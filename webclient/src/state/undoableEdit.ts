/** Edits of a text box that the browser can undo. */

/** Put a text in the place of what stands from `start` to `end`, and select from `from` to `to` of what is there then. */
export function replaceText(box: HTMLTextAreaElement, start: number, end: number, text: string, from: number, to = from): void {
  box.focus();
  box.setSelectionRange(start, end);
  // The only way that leaves the browser's own undoing whole; there is no other one in the standards yet.
  const isWritten = text === "" ? start === end || document.execCommand("delete") : document.execCommand("insertText", false, text);
  if (!isWritten) {
    box.setRangeText(text, start, end, "end");
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  box.setSelectionRange(from, to);
}

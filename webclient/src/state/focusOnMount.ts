/** Puts the focus on an element as soon as it is there; what opens by a key is used by keys. */
export function focused(element: HTMLElement): void {
  element.focus();
}

/** A Svelte action that focuses an element as soon as it is there. */

export function focusOnMount(element: HTMLElement): void {
  element.focus();
}

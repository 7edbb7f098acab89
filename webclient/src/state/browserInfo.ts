/** The browser's name for lists of sessions, and its random numbers. */

/** Letters and digits that nobody can guess; later ones sort behind earlier ones. */
export function entropy(): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  return Date.now().toString(16).padStart(12, "0") + Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** How its user will know this browser in a list; chance tells two of one kind apart. */
export function browserName(): string {
  const agent = navigator.userAgent;
  const browser = ["Firefox", "Edg", "OPR", "Chrome", "Safari"].find((name) => agent.includes(`${name}/`)) ?? "Browser";
  const system = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"].find((name) => agent.includes(name));
  const name = { Edg: "Edge", OPR: "Opera" }[browser] ?? browser;
  return `${name}${system ? `, ${system}` : ""} (${entropy().slice(-4)})`;
}

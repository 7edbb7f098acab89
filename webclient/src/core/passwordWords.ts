/** The words behind which a password may stand, so that such a line is kept nowhere. */

const SECRETS = new Set(["login", "register", "password", "identify"]);
/** The same in what is written to NickServ. */
const NICKSERV_SECRETS = new Set([...SECRETS, "id", "ghost", "recover", "release", "regain", "set", "passwd"]);

/** Whether a password may stand in what was typed, as a command or as what is written to a service. */
export function isSecret(text: string): boolean {
  const words = text.trim().toLowerCase().replace(/^\/msg\s+@?/, "@").split(/\s+/, 2);
  if (words[0] === "@nickserv") return NICKSERV_SECRETS.has(words[1] ?? "");
  if (words[0]?.startsWith("@")) return SECRETS.has(words[1] ?? "");
  return words[0]?.startsWith("/") === true && SECRETS.has(words[0].slice(1));
}

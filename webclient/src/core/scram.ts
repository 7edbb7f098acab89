/** SCRAM-SHA-256 (RFC 5802, RFC 7677), the client's side: the password never leaves the page, and the server proves itself too. */

import { prepare } from "./saslprep";

export const MECHANISM = "SCRAM-SHA-256";
const HEADER = "n,,";
/** The fewest that a server should announce (RFC 5802, section 5.1), and more work than one asks for in earnest. */
const ITERATIONS_MIN = 4096;
const ITERATIONS_MAX = 1_000_000;

const utf8 = new TextEncoder();

/** Whether this page may compute it: browsers allow it only where nobody can listen. */
export function isPossible(): boolean {
  return typeof crypto !== "undefined" && crypto.subtle !== undefined;
}

/** `first`, then `final` with the server's first message, then `accepts` its last one. */
export class ScramExchange {
  private signature = "";

  constructor(
    private readonly name: string,
    private readonly password: string,
    private readonly nonce: string,
  ) {}

  first(): string {
    return HEADER + this.bare;
  }

  private get bare(): string {
    return `n=${this.name.replaceAll("=", "=3D").replaceAll(",", "=2C")},r=${this.nonce}`;
  }

  /** Rejects where the server's message is none, or it asks for more work than is sane. */
  async final(serverFirst: string): Promise<string> {
    const fields = fieldsOf(serverFirst);
    const nonce = fields.get("r") ?? "";
    const iterations = Number(fields.get("i"));
    if (!nonce.startsWith(this.nonce) || nonce === this.nonce) throw new Error("the nonce is another one");
    if (!Number.isInteger(iterations) || iterations < ITERATIONS_MIN || iterations > ITERATIONS_MAX) throw new Error("no iterations");
    const salted = await saltedPassword(this.password, fromBase64(fields.get("s") ?? ""), iterations);
    const withoutProof = `c=${btoa(HEADER)},r=${nonce}`;
    const everything = utf8.encode(`${this.bare},${serverFirst},${withoutProof}`);
    const clientKey = await mac(salted, utf8.encode("Client Key"));
    const stored = new Uint8Array(await crypto.subtle.digest("SHA-256", clientKey));
    const clientSignature = await mac(stored, everything);
    const proof = clientKey.map((byte, at) => byte ^ (clientSignature[at] ?? 0));
    this.signature = toBase64(await mac(await mac(salted, utf8.encode("Server Key")), everything));
    return `${withoutProof},p=${toBase64(proof)}`;
  }

  /** Whether the server has proved that it knows the password too. */
  accepts(serverFinal: string): boolean {
    return this.signature !== "" && fieldsOf(serverFinal).get("v") === this.signature;
  }
}

async function saltedPassword(password: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<Uint8Array<ArrayBuffer>> {
  const prepared = utf8.encode(prepare(password));
  const key = await crypto.subtle.importKey("raw", prepared, "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256));
}

async function mac(key: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const imported = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

function fieldsOf(text: string): Map<string, string> {
  return new Map(text.split(",").map((field) => [field.slice(0, 1), field.slice(2)]));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

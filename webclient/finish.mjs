// After the build: names the files in the service worker, and compresses everything once, as well as it goes.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const folder = new URL("../src/hubbub/web/page", import.meta.url).pathname;

const page = readFileSync(join(folder, "index.html"), "utf8");
const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((found) => found[1]);
const version = createHash("sha256").update(page).digest("hex").slice(0, 16);
const worker = readFileSync(new URL("src/serviceWorker.js", import.meta.url), "utf8");
writeFileSync(join(folder, "worker.js"), worker.replace("__VERSION__", `hubbub-${version}`).replace('"__FILES__"', JSON.stringify(files)));

for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(js|css|html|svg|json|webmanifest)$/.test(name)) continue;
  const body = readFileSync(join(folder, name));
  const small = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  if (small.length < body.length * 0.9) writeFileSync(join(folder, `${name}.br`), small);
}

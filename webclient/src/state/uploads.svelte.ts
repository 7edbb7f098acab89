/** Uploads: files on their way to the server, with progress, until they arrive or are taken back. */

import { failure } from "./api";
import { t } from "./i18n.svelte";

export interface Upload {
  id: number;
  file: File;
  /** From 0 to 1. */
  progress: number;
  /** Where it is, once it is there. */
  url: string;
  problem: string;
  /** The picture's size in pixels, so that its place is kept before it is loaded. */
  size: { width: number; height: number } | null;
  cancel: () => void;
}

/** The server takes a few at a time. */
const AT_ONCE_MAX = 3;

class Uploads {
  /** Conversation → its files that are not said yet. */
  private readonly waiting = $state<Record<string, Upload[]>>({});
  /** Conversation → what is done as soon as its files are there, with their addresses. */
  private readonly later = $state<Record<string, (urls: string[]) => void>>({});
  private readonly queue: (() => Promise<void>)[] = [];
  private running = 0;
  private count = 0;

  of(name: string): Upload[] {
    return this.waiting[name] ?? [];
  }

  /** Send files for a conversation. `mostBytes` is told before anything is sent. */
  add(name: string, files: Iterable<File>, ticket: string, mostBytes: number, tooLarge: (file: File) => string): void {
    for (const file of files) {
      const id = ++this.count;
      const upload: Upload = { id, file, progress: 0, url: "", problem: "", size: null, cancel: () => this.drop(name, id) };
      this.waiting[name] = [...this.of(name), upload];
      const kept = this.find(name, id);
      if (!kept) continue;
      if (file.size > mostBytes) kept.problem = tooLarge(file);
      else this.queue.push(() => this.send(name, kept, ticket).finally(() => this.look(name)));
    }
    this.look(name);
    this.go();
  }

  private go(): void {
    while (this.running < AT_ONCE_MAX) {
      const next = this.queue.shift();
      if (!next) return;
      this.running++;
      void next().finally(() => {
        this.running--;
        this.go();
      });
    }
  }

  private find(name: string, id: number): Upload | undefined {
    return this.of(name).find((one) => one.id === id);
  }

  private async send(name: string, upload: Upload, ticket: string): Promise<void> {
    upload.size = await sizeOf(upload.file);
    // It may have been taken back while it waited.
    if (!this.find(name, upload.id)) return;
    const request = new XMLHttpRequest();
    request.open("POST", "/files");
    request.setRequestHeader("Authorization", `Bearer ${ticket}`);
    request.setRequestHeader("Content-Type", upload.file.type || "application/octet-stream");
    request.setRequestHeader("Content-Disposition", `attachment; filename*=UTF-8''${encodeURIComponent(upload.file.name)}`);
    request.upload.onprogress = ({ loaded, total }) => (upload.progress = total ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 201) {
        upload.progress = 1;
        upload.url = withSize(request.getResponseHeader("Location") ?? "", upload.size);
      } else upload.problem = failure(sentence(request.responseText));
    };
    request.onerror = () => (upload.problem = t("file.broken", { name: upload.file.name }));
    upload.cancel = () => {
      request.abort();
      this.drop(name, upload.id);
    };
    const ended = new Promise((resolve) => (request.onloadend = resolve));
    request.send(upload.file);
    await ended;
  }

  /** Take one back. */
  drop(name: string, id: number): void {
    this.waiting[name] = this.of(name).filter((one) => one.id !== id);
    this.look(name);
  }

  /** Do something with the files as soon as they are all there. It is given up when one of them does not arrive. */
  whenThere(name: string, act: (urls: string[]) => void): void {
    this.later[name] = act;
    this.look(name);
  }

  isAwaited(name: string): boolean {
    return name in this.later;
  }

  giveUp(name: string): void {
    delete this.later[name];
  }

  private look(name: string): void {
    const act = this.later[name];
    if (!act || this.isBusy(name)) return;
    this.giveUp(name);
    if (!this.of(name).some((one) => one.problem)) act(this.take(name));
  }

  /** What is there, to be said; it is given once. */
  take(name: string): string[] {
    const ready = this.of(name).filter((one) => one.url);
    this.waiting[name] = this.of(name).filter((one) => !one.url);
    return ready.map((one) => one.url);
  }

  isBusy(name: string): boolean {
    return this.of(name).some((one) => !one.url && !one.problem);
  }
}

export const uploads = new Uploads();

/** The square in the middle of a picture, small enough for everybody's list. A TypeError for what is none. */
async function square(file: File, side: number): Promise<Blob> {
  const whole = await createImageBitmap(file).catch(() => null);
  const context = Object.assign(document.createElement("canvas"), { width: side, height: side }).getContext("2d");
  if (!whole || !context) throw new TypeError("no picture");
  const edge = Math.min(whole.width, whole.height);
  context.drawImage(whole, (whole.width - edge) / 2, (whole.height - edge) / 2, edge, edge, 0, 0, side, side);
  whole.close();
  return new Promise((resolve, reject) => context.canvas.toBlob((made) => (made ? resolve(made) : reject(new TypeError("no picture"))), "image/webp", 0.9));
}

/** Send a picture of oneself; the address at which the others find it. A TypeError for what is none. */
export async function sendAvatar(file: File, ticket: string): Promise<string> {
  const body = await square(file, 256);
  const headers = { "Authorization": `Bearer ${ticket}`, "Content-Type": "image/webp", "Content-Disposition": 'attachment; filename="avatar.webp"' };
  const answer = await fetch("/files", { method: "POST", headers, body });
  if (answer.status !== 201) throw new Error(failure(sentence(await answer.text())));
  return answer.headers.get("Location") ?? "";
}

function sentence(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: string }).error ?? "");
  } catch {
    return "";
  }
}

async function sizeOf(file: File): Promise<{ width: number; height: number } | null> {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(file.type)) return null;
  try {
    const bitmap = await createImageBitmap(file);
    const { width, height } = bitmap;
    bitmap.close();
    return { width, height };
  } catch {
    return null;
  }
}

/** A picture's size stands behind `#` in its address, where it disturbs nobody. */
function withSize(url: string, size: { width: number; height: number } | null): string {
  return size ? `${url}#${size.width}x${size.height}` : url;
}

export interface Attachment {
  /** On this server, whatever name its sender knew it by. */
  path: string;
  name: string;
  kind: "picture" | "video" | "sound" | "file";
  width: number;
  height: number;
}

const ADDRESS = /^https?:\/\/[^/]+(\/files\/[A-Za-z0-9_-]{24})\/([^#?]*)(?:#(\d{1,5})x(\d{1,5}))?$/;
const KINDS: readonly [RegExp, Attachment["kind"]][] = [
  [/\.(png|jpe?g|gif|webp|avif)$/i, "picture"],
  [/\.(mp4|webm|mov|m4v|ogv)$/i, "video"],
  [/\.(mp3|ogg|oga|opus|flac|wav|m4a)$/i, "sound"],
];

/** What an address says of a file of this server's; null for any other address. */
export function attachment(url: string): Attachment | null {
  const [, path, written, width, height] = ADDRESS.exec(url) ?? [];
  if (!path || written === undefined) return null;
  let name = written;
  try {
    name = decodeURIComponent(written);
  } catch {
    // It is shown as it is written.
  }
  const kind = KINDS.find(([ending]) => ending.test(name))?.[1] ?? "file";
  return { path: `${path}/${encodeURIComponent(name)}`, name, kind, width: Number(width ?? 0), height: Number(height ?? 0) };
}

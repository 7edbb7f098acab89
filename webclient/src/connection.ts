/** The WebSocket connection: tries again with growing pauses, and at once when the network is back. */

import type { Client } from "./core/client";
import type { Event } from "./core/events";

const TICK_MS = 1_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** How long a connection may take to open. */
const OPENING_MS = 15_000;

/** `retryMs` is when the next try begins, 0 where none does by itself. */
export type Status = { state: "connecting" } | { state: "online" } | { state: "offline"; retryMs: number };

export class Connection {
  private socket: WebSocket | null = null;
  private retrying: ReturnType<typeof setTimeout> | null = null;
  private opening: ReturnType<typeof setTimeout> | null = null;
  private readonly ticking: ReturnType<typeof setInterval>;
  private isWoken = false;
  private failures = 0;
  private isOver = false;

  constructor(
    private readonly address: string,
    readonly client: Client,
    private readonly onEvents: (events: Event[]) => void,
    private readonly onStatus: (status: Status) => void,
  ) {
    client.wake = () => this.wake();
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
  }

  /** Begin, or try again at once. */
  connect(): void {
    if (this.socket || this.isOver) return;
    if (this.retrying) clearTimeout(this.retrying);
    this.retrying = null;
    this.onStatus({ state: "connecting" });
    const socket = new WebSocket(this.address, ["text.ircv3.net"]);
    this.socket = socket;
    this.opening = setTimeout(() => socket.close(), OPENING_MS);
    socket.onopen = () => {
      if (this.opening) clearTimeout(this.opening);
      this.client.opened(Date.now());
      this.pump();
    };
    socket.onmessage = ({ data }) => {
      if (this.socket !== socket || typeof data !== "string") return;
      this.client.received(data, Date.now());
      this.wake();
    };
    socket.onclose = () => this.closed(socket);
  }

  /** Hang up, and try again after a while. */
  again(): void {
    this.socket?.close();
  }

  /** End for good. */
  stop(): void {
    this.isOver = true;
    clearInterval(this.ticking);
    if (this.retrying) clearTimeout(this.retrying);
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    const { socket } = this;
    if (socket) {
      this.closed(socket);
      socket.close();
    }
  }

  private closed(socket: WebSocket): void {
    if (this.socket !== socket) return;
    if (this.opening) clearTimeout(this.opening);
    this.socket = null;
    this.failures = this.client.isHere ? 0 : this.failures + 1;
    const gaveUp = this.client.isClosing && !this.client.isHere;
    this.client.closed(Date.now());
    this.pump();
    if (this.isOver || this.client.hasLeft || gaveUp) {
      this.onStatus({ state: "offline", retryMs: 0 });
      return;
    }
    // Chance keeps a thousand clients from coming back in the same instant.
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS) * (0.5 + Math.random());
    this.retrying = setTimeout(() => this.connect(), pause);
    this.onStatus({ state: "offline", retryMs: Date.now() + pause });
  }

  /** The network is back, or somebody looks again: don't wait, and don't trust what may be dead. */
  private readonly hurry = (): void => {
    if (document.visibilityState === "hidden") return;
    if (this.retrying) this.connect();
    else if (this.client.isHere) {
      this.client.tick(Date.now());
      this.client.probe();
      this.pump();
    }
  };

  private tick(): void {
    this.client.tick(Date.now());
    this.pump();
  }

  /** Many lines come at once; what they led to is told once. */
  private wake(): void {
    if (this.isWoken) return;
    this.isWoken = true;
    queueMicrotask(() => this.pump());
  }

  private pump(): void {
    this.isWoken = false;
    const { socket, client } = this;
    const output = client.takeOutput();
    if (socket?.readyState === WebSocket.OPEN) for (const line of output) socket.send(line);
    const events = client.takeEvents();
    if (events.length) this.onEvents(events);
    if (client.isClosing && socket) {
      socket.close();
      // A dead network never answers the closing.
      if (socket.readyState !== WebSocket.CLOSED) setTimeout(() => this.closed(socket), 500);
    }
  }
}

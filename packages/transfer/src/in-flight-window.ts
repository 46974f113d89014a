/** How many bytes of files are on their way on one channel. */

/** The window where the server is near: OpenSSH's server takes more than twice the time for a client that lets it hold more. */
const NEAR_BYTES = 1 << 20;
/** Where it is far, twice what OpenSSH lets a channel carry in a round trip. */
const FAR_BYTES = 4 << 20;

/** A request that waits for room. */
interface Request {
  /** Bytes of a file that it carries or asks for. */
  readonly bytes: number;
  readonly send: () => void;
}

/**
 * Lets requests go as long as the bytes of files that they carry or ask for fit in. They go in the order in which they were made, all
 * files together, also those that carry none: the close of a file must not overtake a read of it.
 */
export class InFlightWindow {
  #size = NEAR_BYTES;
  #taken = 0;
  readonly #waiting: Request[] = [];
  #isSending = false;

  /** How many bytes fit in. A request that has more goes alone. */
  get bytes(): number {
    return this.#size;
  }

  /** To be called when the server is found to be far away. */
  widen(): void {
    this.#size = FAR_BYTES;
  }

  /** Whether a request of so many bytes may go now. It counts until {@link leave} is called. */
  enter(bytes: number): boolean {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) return false;
    this.#taken += bytes;
    return true;
  }

  /** Has a request that may not go now sent as soon as it may. */
  wait(bytes: number, send: () => void): void {
    this.#waiting.push({ bytes, send });
  }

  /** To be called when a request has been answered, or never will be. */
  leave(bytes: number): void {
    this.#taken -= bytes;
    // On a connection that was lost, each that is sent fails and leaves at once.
    if (this.#waiting.length > 0 && !this.#isSending) this.#sendWaiting();
  }

  #sendWaiting(): void {
    this.#isSending = true;
    for (let [next] = this.#waiting; next !== undefined && this.#fits(next.bytes); [next] = this.#waiting) {
      this.#waiting.shift();
      this.#taken += next.bytes;
      next.send();
    }
    this.#isSending = false;
  }

  #fits(bytes: number): boolean {
    return this.#taken === 0 || this.#taken + bytes <= this.#size;
  }
}

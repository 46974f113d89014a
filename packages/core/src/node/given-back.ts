/**
 * Memory that is given back at once. Node's ciphers put each result into memory of its own, which is free again when the garbage is
 * collected. Up to then every result lies in pages that the system has to find and to clear, which takes longer than to encrypt.
 */
import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';

/** What is transferred to a closed port is nobody's, and is freed on the spot. */
const { port1: nowhere } = new MessageChannel();
let isClosed = false;
const closing = once(nowhere, 'close').then(() => {
  isClosed = true;
});
nowhere.close();

/** A block of it teaches glibc to keep twice as many bytes for what comes next; no byte of it is touched. */
const KEPT_BYTES = 8 << 20;

/**
 * Frees bytes that nobody needs any more, if they are all of their memory; they have no length afterwards. Others are left alone, and so are
 * all in the first turn of the event loop: the collector frees them, as ever.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (isClosed && buffer instanceof ArrayBuffer && byteLength === buffer.byteLength)
    nowhere.postMessage(undefined, [buffer]);
}

/**
 * Lets glibc keep freed memory for the next results, which are as large, instead of returning it to the system each time. Its limits are low
 * until a larger block was freed (mallopt(3), `M_MMAP_THRESHOLD` and `M_TRIM_THRESHOLD`). Other systems' allocators don't care.
 */
export async function keepFreedMemory(): Promise<void> {
  await closing;
  giveBack(Buffer.allocUnsafeSlow(KEPT_BYTES));
}

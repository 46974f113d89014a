/** Requests that carry bytes of files wait until there is room for them on their channel. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlightWindow } from '../src/in-flight-window.ts';

const MEBIBYTE = 1 << 20;

/** Requests of these sizes, which note when they go. */
function made(window: InFlightWindow, sizes: readonly number[]): number[] {
  const sent: number[] = [];
  sizes.forEach((bytes, index) => {
    if (window.enter(bytes)) sent.push(index);
    else window.wait(bytes, () => sent.push(index));
  });
  return sent;
}

describe('the window of a channel', () => {
  it('lets go what fits in, and the rest as soon as there is room', () => {
    const window = new InFlightWindow();
    const sent = made(window, [MEBIBYTE / 2, MEBIBYTE / 2, 1, MEBIBYTE]);
    expect(sent).toEqual([0, 1]);
    window.leave(MEBIBYTE / 2);
    expect(sent).toEqual([0, 1, 2]);
    window.leave(MEBIBYTE / 2);
    window.leave(1);
    expect(sent).toEqual([0, 1, 2, 3]);
  });

  it('lets nothing overtake a request that waits, not even what carries no bytes', () => {
    const window = new InFlightWindow();
    const sent = made(window, [MEBIBYTE, 10, 0]);
    expect(sent).toEqual([0]);
    window.leave(MEBIBYTE);
    expect(sent).toEqual([0, 1, 2]);
  });

  it('lets a request that is larger than it go alone', () => {
    const window = new InFlightWindow();
    const sent = made(window, [1, 2 * MEBIBYTE, 1]);
    expect(sent).toEqual([0]);
    window.leave(1);
    expect(sent).toEqual([0, 1]);
    window.leave(2 * MEBIBYTE);
    expect(sent).toEqual([0, 1, 2]);
  });

  it('is four times as wide where the server is far away', () => {
    const window = new InFlightWindow();
    window.widen();
    expect(window.bytes).toBe(4 * MEBIBYTE);
    expect(made(window, [MEBIBYTE, 3 * MEBIBYTE, 1])).toEqual([0, 1]);
  });

  it('sends each of very many that fail at once, on a connection that is lost', () => {
    const window = new InFlightWindow();
    let failed = 0;
    window.enter(MEBIBYTE);
    for (let index = 0; index < 20_000; index++) {
      window.wait(MEBIBYTE, () => {
        failed += 1;
        window.leave(MEBIBYTE);
      });
    }
    window.leave(MEBIBYTE);
    expect(failed).toBe(20_000);
  });

  it('never holds more than fits in, keeps nobody for ever, and keeps the order', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: MEBIBYTE }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.nat()), (requests, choices) => {
        const window = new InFlightWindow();
        const underWay: number[] = [];
        const order: number[] = [];
        const send = (index: number, bytes: number): void => {
          order.push(index);
          underWay.push(bytes);
          expect(underWay.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(window.bytes);
        };
        requests.forEach((bytes, index) => {
          if (window.enter(bytes)) send(index, bytes);
          else window.wait(bytes, () => send(index, bytes));
        });
        while (underWay.length > 0) {
          const [answered = 0] = underWay.splice(Number(choices.next().value) % underWay.length, 1);
          window.leave(answered);
        }
        expect(order).toEqual(requests.map((_, index) => index));
      }),
    );
  });
});

import { parseSshPublicKey } from '@sealift/core/ssh';
import { describe, expect, it } from 'vitest';
import { pinHostKey } from '../src/host-key.ts';

const PINNED = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';

describe('a pinned host key', () => {
  it('matches itself and no other bytes', () => {
    const hostKey = pinHostKey(PINNED);
    const { blob } = parseSshPublicKey(PINNED);
    expect(hostKey.matches(blob)).toBe(true);
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const other = Uint8Array.from(blob, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(hostKey.matches(other)).toBe(false);
    }
    expect(hostKey.matches(blob.subarray(0, -1))).toBe(false);
    expect(hostKey.matches(Uint8Array.from([...blob, 0]))).toBe(false);
    expect(hostKey.matches(new Uint8Array())).toBe(false);
  });

  it('asks the server for signatures of its own type alone', () => {
    expect(pinHostKey(PINNED).algorithms).toEqual(['ssh-ed25519']);
  });

  it.each(['', '   ', '\n', 'ssh-ed25519', 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU', `${PINNED} comment`])(
    'fault 50: is refused as %j, so that nothing is connected to without one',
    (line) => {
      expect(() => pinHostKey(line)).toThrowError(expect.objectContaining({ code: 'E_HOSTKEY' }));
    },
  );
});

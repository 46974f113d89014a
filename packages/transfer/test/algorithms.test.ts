import type { CipherAlgorithm, NegotiatedAlgorithms } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { checkNegotiated, offeredAlgorithms } from '../src/algorithms.ts';

function negotiated(cipher: CipherAlgorithm, back: CipherAlgorithm = cipher): NegotiatedAlgorithms {
  const mac = cipher.endsWith('-ctr') ? 'hmac-sha2-256-etm@openssh.com' : '';
  const rest = { mac, compress: 'none', lang: '' } as const;
  return {
    kex: 'curve25519-sha256',
    serverHostKey: 'ssh-ed25519',
    cs: { cipher, ...rest },
    sc: { cipher: back, ...rest },
  };
}

describe('the algorithms offered', () => {
  const offered = offeredAlgorithms(['rsa-sha2-512', 'rsa-sha2-256']);

  it('hold nothing with SHA-1, CBC, a MAC over plaintext, compression or a small group', () => {
    const names = Object.values(offered).flat().map(String);
    expect(
      names.filter((name) => /sha1|md5|cbc|arcfour|dss|group1-|group14|group-exchange|zlib|^ssh-rsa$/.test(name)),
    ).toEqual([]);
    expect(offered.hmac).toEqual(['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com']);
  });

  it('begin with AES-GCM and prove the host key by the given signatures alone', () => {
    expect([offered.cipher].flat().slice(0, 2)).toEqual(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com']);
    expect(offered.serverHostKey).toEqual(['rsa-sha2-512', 'rsa-sha2-256']);
  });
});

describe('the algorithms agreed', () => {
  it('are recorded as they are', () => {
    expect(checkNegotiated(negotiated('aes128-gcm@openssh.com'), false)).toEqual({
      kex: 'curve25519-sha256',
      cipher: 'aes128-gcm@openssh.com',
      mac: 'implicit',
    });
    expect(checkNegotiated(negotiated('aes256-ctr'), true).mac).toBe('hmac-sha2-256-etm@openssh.com');
  });

  it.each(['chacha20-poly1305@openssh.com', 'aes256-ctr', 'aes128-ctr'] as const)(
    'fault 51: are refused as %s without strict key exchange, in either direction',
    (cipher) => {
      for (const pair of [negotiated(cipher), negotiated('aes128-gcm@openssh.com', cipher)]) {
        expect(() => checkNegotiated(pair, false)).toThrowError(expect.objectContaining({ code: 'E_ALGO' }));
        expect(checkNegotiated(pair, true).kex).toBe('curve25519-sha256');
      }
    },
  );
});

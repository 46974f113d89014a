/** One key in the shape in which ssh2 asks for keys: it offers this key alone and never signs with SHA-1. */

import ssh2 from 'ssh2';
import type { SignatureHash, SshKey } from './ssh-key.ts';

function parsed(key: SshKey): ssh2.ParsedKey {
  const result = ssh2.utils.parseKey(key.publicKey.line);
  if (result instanceof Error) throw result;
  return result;
}

/** An ssh2 agent that holds {@link SshKey} and nothing else, and forwards nothing. */
export class SshKeyAgent extends ssh2.BaseAgent<ssh2.ParsedKey> {
  readonly #key: SshKey;

  constructor(key: SshKey) {
    super();
    this.#key = key;
  }

  override getIdentities(done: ssh2.IdentityCallback<ssh2.ParsedKey>): void {
    done(null, [parsed(this.#key)]);
  }

  override sign(
    _publicKey: ssh2.ParsedKey,
    data: Buffer,
    options: ssh2.SigningRequestOptions | ssh2.SignCallback,
    callback?: ssh2.SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback;
    const hash = typeof options === 'function' ? undefined : options.hash;
    // Without a digest ssh2 would sign with ssh-rsa, which is SHA-1 (RFC 8332 §1).
    if (hash === 'sha1' || (hash === undefined && this.#key.publicKey.type === 'ssh-rsa')) {
      done?.(new Error('the server accepts RSA only with SHA-1'));
      return;
    }
    void this.#answer(data, hash, done);
  }

  async #answer(data: Buffer, hash: SignatureHash, done: ssh2.SignCallback | undefined): Promise<void> {
    let signature: Uint8Array;
    try {
      signature = await this.#key.sign(data, hash);
    } catch (error) {
      done?.(error instanceof Error ? error : new Error('the key did not sign'));
      return;
    }
    done?.(null, Buffer.from(signature));
  }
}

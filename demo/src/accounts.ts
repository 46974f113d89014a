/** Accounts of the embedded SFTP server: one person, one key, and the remote folders that the account may use. */

import ssh2 from 'ssh2';

/** `write` holds `read`. */
export type Access = 'read' | 'write';

/** An account with one authorised public key (an OpenSSH public key line). */
export interface Account {
  readonly name: string;
  readonly publicKey: string;
}

/** True when `path` is `folder` or lies below it. Both are absolute and without `.` or `..`. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** One account's rights, by remote path. Nothing is allowed that was not granted. */
export class Rights {
  readonly #granted = new Map<string, Access>();

  /** Grants access to an absolute remote folder and all below it. */
  grant(folder: string, access: Access): void {
    this.#granted.set(folder, access);
  }

  allows(path: string, access: Access): boolean {
    return [...this.#granted].some(
      ([folder, granted]) => isWithin(path, folder) && (granted === 'write' || access === 'read'),
    );
  }

  /** True for granted folders and the folders on the way to them: these may be looked at, not listed. */
  sees(path: string): boolean {
    return this.allows(path, 'read') || [...this.#granted.keys()].some((folder) => isWithin(folder, path));
  }
}

/** The accounts of a server and what each may do. */
export class Accounts {
  readonly #entries = new Map<string, { readonly key: ssh2.ParsedKey; readonly rights: Rights }>();

  add(account: Account): void {
    const key = ssh2.utils.parseKey(account.publicKey);
    if (key instanceof Error) throw new Error(`the public key of ${account.name} can't be read`);
    this.#entries.set(account.name, { key, rights: new Rights() });
  }

  /** The rights of a known account. */
  rightsOf(name: string): Rights {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`no account ${name}`);
    return entry.rights;
  }

  /**
   * True when the request is of a known account by public key, and its signature, once there is one, holds
   * (RFC 4252 §7). SHA-1 signatures are refused.
   */
  authenticates(context: ssh2.AuthContext): boolean {
    if (context.method !== 'publickey') return false;
    const key = this.#entries.get(context.username)?.key;
    if (key === undefined || !key.getPublicSSH().equals(context.key.data)) return false;
    if (key.type === 'ssh-rsa' && context.hashAlgo !== 'sha256' && context.hashAlgo !== 'sha512') return false;
    // Without a signature the client only asks whether this key would do.
    if (context.signature === undefined || context.blob === undefined) return true;
    return key.verify(context.blob, context.signature, context.hashAlgo) === true;
  }
}

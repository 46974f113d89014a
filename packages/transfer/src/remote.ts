/** What delivery, receipt and purge need of a server, and nothing more: there is no listing of folders. */

import type { FileHandle } from 'node:fs/promises';
import type { RemotePath } from './remote-path.ts';

/** A file's size and digest. */
export interface FileDigest {
  readonly bytes: number;
  /** SHA-256, as `sha256:` and 64 lower-case hexadecimal digits. */
  readonly digest: string;
}

/** What lies at a remote path. Links are not followed. */
export interface RemoteStat {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  /** Size in bytes. */
  readonly bytes: number;
  /** Last modification by the server's clock, UTC, whole seconds. */
  readonly modified: Date;
}

/** How a file came to lie under its final name. */
export interface UploadResult extends FileDigest {
  /** `already-there`: the final name held exactly these bytes before. */
  readonly state: 'uploaded' | 'already-there';
  /** True when the whole digest was computed from what the server gave back. */
  readonly readBack: boolean;
}

/** The connection, as the delivery statement records it. */
export interface RemoteSession {
  readonly host: string;
  readonly port: number;
  /** The IP address that answered. */
  readonly address: string;
  readonly account: string;
  /** OpenSSH fingerprint of the server's host key, equal to the pinned one. */
  readonly hostKey: string;
  /** OpenSSH fingerprint of the person's key. */
  readonly sshKey: string;
  readonly kex: string;
  readonly cipher: string;
  readonly mac: string;
}

/** Called with how many bytes of a file are there now, each time that there are more. */
export type TransferProgress = (bytes: number) => void;

/** Limits of a download. */
export interface DownloadLimit {
  /** More is refused before a byte is read. */
  readonly maxBytes: number;
  /** Where known: any other size is refused before a byte is read. */
  readonly bytes?: number | undefined;
}

/** Options of an upload. */
export interface UploadOptions {
  /** Compare the whole digest by reading the file back before it gets its final name. */
  readonly readBack?: boolean | undefined;
  readonly onProgress?: TransferProgress | undefined;
}

/** Options of a download. */
export interface DownloadOptions {
  readonly onProgress?: TransferProgress | undefined;
}

/**
 * A server that holds files. Every method can throw E_REMOTE (the network, the server, a missing right).
 * A final name is never overwritten, and no symbolic link at the end of a path is followed.
 */
export interface Remote {
  readonly session: RemoteSession;

  /** What lies at `path`, or undefined when nothing does. */
  lstat(path: RemotePath): Promise<RemoteStat | undefined>;

  /**
   * Makes a folder whose parent exists. A real folder that is already there is left as it is.
   * @throws E_EXISTS when something else is there, a symbolic link included.
   */
  makeFolder(path: RemotePath): Promise<void>;

  /**
   * Uploads a local file: written to `<path>.<digits of its SHA-256>.part`, size checked, renamed. What a former run left in `.part` is
   * read back first, and the rest follows the part of it that is equal. A final name that already holds exactly `expected` completes
   * the step.
   * @throws E_EXISTS when the final name holds anything else, or `.part` is not a file; E_MISMATCH when the local file
   * is not `expected`; E_FILE when it can't be read; E_REMOTE when the server holds something else than was sent.
   */
  upload(local: string, path: RemotePath, expected: FileDigest, options?: UploadOptions): Promise<UploadResult>;

  /** Uploads bytes whose digest nobody has recorded, under the same rules as {@link upload}, but to `<path>.part`. */
  writeSmall(path: RemotePath, bytes: Uint8Array, options?: UploadOptions): Promise<UploadResult>;

  /**
   * Downloads a file into an open local file, in order, and returns its size and digest. What the local file holds already counts as
   * the beginning and is not fetched again: whether it was, only the digest tells.
   * @throws E_NOT_FOUND when it is absent; E_LIMIT or E_MISMATCH when its size is not allowed by `limit`;
   * E_REMOTE when it is not a file or changes while it is read; E_FILE when the local file can't be written.
   */
  download(path: RemotePath, into: FileHandle, limit: DownloadLimit, options?: DownloadOptions): Promise<FileDigest>;

  /** The bytes of a file, or undefined when it is absent. @throws E_LIMIT when it has more than `maxBytes`. */
  readSmall(path: RemotePath, maxBytes: number): Promise<Uint8Array | undefined>;

  /** Size and digest of a file by reading it back. @throws E_NOT_FOUND when it is absent. */
  digest(path: RemotePath): Promise<FileDigest>;

  /**
   * Deletes a file. Returns false when nothing was there.
   * @throws E_PURGE when it is a symbolic link, a folder or anything else than a file.
   */
  remove(path: RemotePath): Promise<boolean>;

  /**
   * The server's clock, UTC, whole seconds: the time of a small file that is made in `folder` for it and removed again. One that a
   * crash left there is removed first; a symbolic link is removed, never followed.
   * @throws E_EXISTS when a folder or the like has its name
   */
  clock(folder: RemotePath): Promise<Date>;

  /** Ends the connection. Never throws. */
  close(): Promise<void>;
}

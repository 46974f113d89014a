/** How long a server may keep somebody waiting. Afterwards the connection is cut, and the step ends with E_REMOTE (doc/exit-codes.md). */

/** Waits in milliseconds. */
export interface Patience {
  /** For each of: the TCP connection; handshake and login together; an SFTP channel. */
  readonly connection: number;
  /** For the next answer, as long as a request waits for one. A server that answers slowly is waited for, a silent one is not. */
  readonly answer: number;
  /** For the end of a connection that we ended. */
  readonly end: number;
  /** For each of the doctor's looks at the door: the server's offer; a stranger's knock. */
  readonly knock: number;
  /** For what the doctor asks of an open login. */
  readonly look: number;
}

/** What everybody waits; tests wait less. */
export const PATIENCE: Patience = { connection: 20_000, answer: 60_000, end: 5_000, knock: 10_000, look: 10_000 };

/** Such as `20 seconds`. */
export function inSeconds(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`;
}

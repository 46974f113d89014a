/** A check of the doctor: what was looked at, what was found, and what to do about it. */
import type { MachineRequirement } from '@sealift/core/instructions';

/** What is looked at on the server, from outside and with a person's key. */
export type EndpointCheck =
  | 'algorithms'
  | 'host-key'
  | 'none'
  | 'password'
  | 'keyboard-interactive'
  | 'anonymous'
  | 'login'
  | 'shell'
  | 'exec'
  | 'forwarding'
  | 'reverse-forwarding'
  | 'file-system'
  | 'neighbours'
  | 'server-log';

/** What is looked at on this machine: what instructions can require, and what is good to know. */
export type MachineCheck = MachineRequirement | 'stream-cipher' | 'sha-extensions';

/** `warn`: not as it should be, or it can't be told from here. */
export type Verdict = 'ok' | 'warn' | 'fail';

/** One check. */
export interface Check {
  readonly check: EndpointCheck | MachineCheck;
  readonly where: 'endpoint' | 'machine';
  /** What ought to be true. */
  readonly title: string;
  readonly verdict: Verdict;
  /** What was found. */
  readonly found: string;
  /** The next step; absent when all is well. */
  readonly remedy?: string;
}

/** What one look found: all is well with it, or a remedy says what to do. */
export type Finding =
  | { readonly verdict: 'ok'; readonly found: string }
  | { readonly verdict: 'warn' | 'fail'; readonly found: string; readonly remedy: string };

/** All is well. */
export const ok = (found: string): Finding => ({ verdict: 'ok', found });
/** Not as it should be, or not to be told. */
export const warn = (found: string, remedy: string): Finding => ({ verdict: 'warn', found, remedy });
/** A door that must be shut is open. */
export const fail = (found: string, remedy: string): Finding => ({ verdict: 'fail', found, remedy });

/** The doctor: what is looked at on the server and on this machine before anything is sent (F25, F33, F34). */
export type { Check, Verdict } from './check.ts';
export { type Examination, examine, requireSound } from './examination.ts';
export { type ServerConfiguration, serverConfiguration } from './server-configuration.ts';

/** What a laboratory may require of the machine that sends (F34); the doctor looks at it before anything is sent. */

/** The checks of a machine that instructions can require, by the doctor's names. */
export type MachineRequirement =
  | 'listening-sockets'
  | 'disk-encryption'
  | 'removable-folder'
  | 'synchronised-folder'
  | 'file-modes'
  | 'swap'
  | 'core-dumps'
  | 'clock'
  | 'node-support';

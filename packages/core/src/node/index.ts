/** What needs Node: files, secret files, and the cipher that is fastest here. */
export { BackgroundSealing } from './background-sealing.ts';
export { canonicalLine, readDocumentFile } from './document-file.ts';
export { closeAfterReading, lookAt, readBounded, syncFolder } from './file.ts';
export { fileError } from './file-error.ts';
export { FileReading } from './file-reading.ts';
export { createIdentityFile, readIdentityFile, requirePrivateFile } from './identity-file.ts';
export { takeLock } from './lock.ts';
export { streamCipher } from './secretstream-self-test.ts';
export { makePrivateFolder, stateFolder } from './state-folder.ts';
export { createFile, replaceFile, sweepTemporaries, TemporaryFile } from './temporary-file.ts';

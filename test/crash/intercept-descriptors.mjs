/** Descriptors, which streams use. */
import fs from 'node:fs';
import process from 'node:process';
import { HANDLE_FAULTS } from './intercept-handles.mjs';
import { ALLOCATES, errorOf, isOurs, mayCreate, original, READS, reach } from './reach.mjs';

const descriptors = new Map();
fs.open = Object.assign((path, ...args) => {
  const callback = args.at(-1);
  if (isOurs(path)) return original.open(path, ...args);
  const name = mayCreate(args.length > 1 ? args[0] : 'r') ? 'create' : 'open';
  const error = errorOf(reach(name, path, name === 'create' ? ALLOCATES : READS), 'open', path);
  if (error !== undefined) return process.nextTick(callback, error);
  original.open(path, ...args.slice(0, -1), (failed, descriptor) => {
    if (!failed) descriptors.set(descriptor, path);
    callback(failed, descriptor);
  });
}, original.open);

for (const [name, faults] of Object.entries({
  ...HANDLE_FAULTS,
  read: READS,
  readv: READS,
  write: ALLOCATES,
})) {
  const known = {
    stat: 'fstat',
    sync: 'fsync',
    datasync: 'fdatasync',
    chmod: 'fchmod',
    chown: 'fchown',
    truncate: 'ftruncate',
    utimes: 'futimes',
  };
  const method = known[name] ?? name;
  const { [method]: called } = original;
  fs[method] = Object.assign((descriptor, ...args) => {
    const path = descriptors.get(descriptor);
    const error = path === undefined ? undefined : errorOf(reach(name, path, faults), name, path);
    if (error === undefined) return called(descriptor, ...args);
    process.nextTick(args.at(-1), error);
  }, called);
}
fs.close = (descriptor, callback) => {
  const path = descriptors.get(descriptor);
  descriptors.delete(descriptor);
  const error = path === undefined ? undefined : errorOf(reach('close', path, READS), 'close', path);
  original.close(descriptor, (failed) => callback?.(error ?? failed));
};

/** Open files. */
import { Buffer } from 'node:buffer';
import fs from 'node:fs';
import process from 'node:process';
import { ALLOCATES, die, errorOf, isOurs, mayCreate, original, READS, reach, WRITES } from './reach.mjs';

const paths = new WeakMap();

fs.promises.open = async (path, flags, mode) => {
  if (isOurs(path)) return original.promises.open(path, flags, mode);
  const name = mayCreate(flags) ? 'create' : 'open';
  const error = errorOf(reach(name, path, name === 'create' ? ALLOCATES : READS), 'open', path);
  if (error !== undefined) throw error;
  const handle = await original.promises.open(path, flags, mode);
  paths.set(handle, path);
  const close = Reflect.get(handle, 'close'); // a member of each handle, not of its class
  handle.close = async () => {
    if (!paths.delete(handle)) return close.call(handle); // a stream over it closes it once more
    const wrong = errorOf(reach('close', path, READS), 'close', path);
    await close.call(handle); // a close that fails has closed nevertheless (close(2))
    if (wrong !== undefined) throw wrong;
  };
  return handle;
};

fs.promises.writeFile = async (file, data, options) => {
  if (typeof file !== 'string' || isOurs(file)) return original.promises.writeFile(file, data, options);
  const handle = await fs.promises.open(file, options?.flag ?? 'w', options?.mode ?? 0o666);
  try {
    await handle.writeFile(data);
  } finally {
    await handle.close();
  }
};
fs.promises.appendFile = (file, data, options = {}) =>
  fs.promises.writeFile(file, data, { flag: 'a', ...(typeof options === 'object' ? options : {}) });

const probe = await original.promises.open(process.execPath, 'r');
const FileHandle = Object.getPrototypeOf(probe);
await probe.close();
const handleMethods = Object.fromEntries(['write', 'writeFile', 'writev'].map((name) => [name, FileHandle[name]]));

/** The operations of an open file beside its reads and writes, and how they may fail. */
export const HANDLE_FAULTS = {
  chmod: READS,
  chown: READS,
  datasync: ALLOCATES,
  stat: READS,
  sync: ALLOCATES,
  truncate: READS,
  utimes: READS,
};
for (const [name, faults] of Object.entries({ ...HANDLE_FAULTS, read: READS, readFile: READS, readv: READS })) {
  const { [name]: method } = FileHandle;
  FileHandle[name] = async function (...args) {
    const path = paths.get(this);
    if (path === undefined) return method.apply(this, args);
    const error = errorOf(reach(name, path, faults), name, path);
    if (error !== undefined) throw error;
    return method.apply(this, args);
  };
}

/** Writes half of it where the fault says so. */
async function writeWith(handle, name, args, half) {
  const path = paths.get(handle);
  if (path === undefined) return handleMethods[name].apply(handle, args);
  const fault = reach(name, path, WRITES);
  const isHalf = fault === 'torn' || fault === 'short' || fault === 'enospc';
  const less = isHalf ? half() : undefined;
  if (isHalf && less !== undefined) {
    const result = await handleMethods[name].apply(handle, less);
    if (fault === 'torn') die();
    return result;
  }
  if (fault === 'torn') die();
  const error = errorOf(fault, 'write', path);
  if (error !== undefined) throw error;
  return handleMethods[name].apply(handle, args);
}

/** The first half of some buffers; undefined where there is none. */
function firstHalf(buffers) {
  let room = Math.floor(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0) / 2);
  if (room === 0) return undefined;
  return buffers.flatMap((buffer) => {
    const part = buffer.subarray(0, room);
    room -= part.byteLength;
    return part.byteLength > 0 ? [part] : [];
  });
}

/** The file that a descriptor leads to, whichever thread opened it; undefined where the system does not tell. */
function pathOf(descriptor) {
  try {
    return original.readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

fs.readSync = (descriptor, ...args) => {
  const path = pathOf(descriptor);
  if (path === undefined || isOurs(path)) return original.readSync(descriptor, ...args);
  const error = errorOf(reach('read', path, READS), 'read', path);
  if (error !== undefined) throw error;
  return original.readSync(descriptor, ...args);
};

fs.fstatSync = (descriptor, options) => {
  const path = pathOf(descriptor);
  if (path === undefined || isOurs(path)) return original.fstatSync(descriptor, options);
  const error = errorOf(reach('stat', path, READS), 'fstat', path);
  if (error !== undefined) throw error;
  return original.fstatSync(descriptor, options);
};

fs.writeSync = (descriptor, buffer, offset, length, position) => {
  const path = ArrayBuffer.isView(buffer) && typeof length === 'number' ? pathOf(descriptor) : undefined;
  if (path?.startsWith('/') !== true || isOurs(path)) {
    return original.writeSync(descriptor, buffer, offset, length, position);
  }
  const fault = reach('write', path, WRITES);
  if (length > 1 && (fault === 'torn' || fault === 'short' || fault === 'enospc')) {
    const written = original.writeSync(descriptor, buffer, offset, Math.floor(length / 2), position);
    return fault === 'torn' ? die() : written;
  }
  if (fault === 'torn') die();
  const error = errorOf(fault, 'write', path);
  if (error !== undefined) throw error;
  return original.writeSync(descriptor, buffer, offset, length, position);
};

fs.writevSync = (descriptor, buffers, position) => {
  const path = pathOf(descriptor);
  if (path === undefined || isOurs(path)) return original.writevSync(descriptor, buffers, position);
  const fault = reach('writev', path, WRITES);
  const less = fault === 'torn' || fault === 'short' || fault === 'enospc' ? firstHalf(buffers) : undefined;
  if (less !== undefined) {
    const written = original.writevSync(descriptor, less, position);
    return fault === 'torn' ? die() : written;
  }
  if (fault === 'torn') die();
  const error = errorOf(fault, 'write', path);
  if (error !== undefined) throw error;
  return original.writevSync(descriptor, buffers, position);
};

fs.writev = (descriptor, buffers, ...rest) => {
  const callback = rest.at(-1);
  const position = typeof rest[0] === 'number' ? rest[0] : null;
  const path = pathOf(descriptor);
  if (path === undefined || isOurs(path)) return original.writev(descriptor, buffers, position, callback);
  const fault = reach('writev', path, WRITES);
  const less = fault === 'torn' || fault === 'short' || fault === 'enospc' ? firstHalf(buffers) : undefined;
  if (less !== undefined) {
    return original.writev(descriptor, less, position, (failed, written) =>
      fault === 'torn' ? die() : callback(failed, written, buffers),
    );
  }
  if (fault === 'torn') die();
  const error = errorOf(fault, 'write', path);
  if (error !== undefined) return process.nextTick(callback, error);
  original.writev(descriptor, buffers, position, callback);
};

FileHandle.writev = async function (buffers, position) {
  const half = () => {
    const parts = firstHalf(buffers);
    return parts === undefined ? undefined : [parts, position];
  };
  return { ...(await writeWith(this, 'writev', [buffers, position], half)), buffers };
};

FileHandle.write = async function (data, ...rest) {
  const buffer = typeof data === 'string' ? Buffer.from(data, rest[1]) : data;
  const [options] = rest;
  const given =
    typeof options === 'object' && options !== null ? options : { offset: options, length: rest[1], position: rest[2] };
  const { offset, length, position } =
    typeof data === 'string' ? { offset: 0, length: undefined, position: rest[0] } : given;
  const start = offset ?? 0;
  const size = length ?? buffer.byteLength - start;
  const half = () => (size < 2 ? undefined : [buffer, start, Math.floor(size / 2), position]);
  return { ...(await writeWith(this, 'write', [buffer, start, size, position], half)), buffer: data };
};

FileHandle.writeFile = async function (data, options) {
  if (paths.get(this) === undefined) return handleMethods.writeFile.call(this, data, options);
  const pieces = typeof data === 'string' || ArrayBuffer.isView(data) ? [data] : data;
  for await (const piece of pieces) {
    let rest = Buffer.from(piece);
    while (rest.length > 0) rest = rest.subarray((await this.write(rest)).bytesWritten);
  }
};
FileHandle.appendFile = FileHandle.writeFile;

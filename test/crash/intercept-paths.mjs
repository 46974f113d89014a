/** File operations that take a path. */
import fs from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { ALLOCATES, errorOf, isOurs, original, READS, reach } from './reach.mjs';

/** The file operations that take a path, beside `open`, and how they may fail. */
const BY_PATH = {
  access: READS, chmod: READS, chown: READS, copyFile: ALLOCATES, lchown: READS, link: ALLOCATES, lstat: READS,
  lutimes: READS, mkdtemp: ALLOCATES, opendir: READS, readdir: READS, readFile: READS, readlink: READS, realpath: READS,
  rename: ALLOCATES, rmdir: READS, stat: READS, statfs: READS, symlink: ALLOCATES, truncate: READS, unlink: READS,
  utimes: READS,
}; // biome-ignore format: a table

/** Of an operation with two paths the one that appears. */
const subjectOf = (name, args) => (['link', 'rename', 'symlink', 'copyFile'].includes(name) ? args[1] : args[0]);
for (const [name, faults] of Object.entries(BY_PATH)) {
  const { [name]: promised } = original.promises;
  fs.promises[name] = async (...args) => {
    const subject = subjectOf(name, args);
    if (isOurs(subject)) return promised(...args);
    const error = errorOf(reach(name, subject, faults), name, subject);
    if (error !== undefined) throw error;
    return promised(...args);
  };
  const { [name]: called, [`${name}Sync`]: synchronous } = original;
  fs[name] = Object.assign((...args) => {
    const subject = subjectOf(name, args);
    if (isOurs(subject)) return called(...args);
    const error = errorOf(reach(name, subject, faults), name, subject);
    if (error === undefined) return called(...args);
    process.nextTick(args.at(-1), error);
  }, called);
  if (synchronous === undefined) continue;
  fs[`${name}Sync`] = Object.assign((...args) => {
    const subject = subjectOf(name, args);
    if (isOurs(subject)) return synchronous(...args);
    const error = errorOf(reach(`${name}Sync`, subject, faults), name, subject);
    if (error !== undefined) throw error;
    return synchronous(...args);
  }, synchronous);
}

/* Folders that are made one after the other, and trees that are removed: each of their steps counts. */

fs.promises.mkdir = async (path, options) => {
  const make = async (folder) => {
    const error = errorOf(reach('mkdir', folder, ALLOCATES), 'mkdir', folder);
    if (error !== undefined) throw error;
    return original.promises.mkdir(folder, {
      ...(typeof options === 'object' ? options : { mode: options }),
      recursive: false,
    });
  };
  if (options?.recursive !== true) return make(path);
  const missing = [];
  for (let folder = path; !original.existsSync(folder); folder = dirname(folder)) missing.unshift(folder);
  if (missing.length === 0) {
    const error = errorOf(reach('mkdir', path, READS), 'mkdir', path);
    if (error !== undefined) throw error;
  }
  for (const folder of missing) await make(folder);
  return missing[0];
};

fs.promises.rm = async (path, options = {}) => {
  const found = await fs.promises.lstat(path).catch((/** @type {unknown} */ error) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && options.force === true)
      return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isDirectory() || options.recursive !== true) return fs.promises.unlink(path);
  for (const name of await fs.promises.readdir(path)) await fs.promises.rm(join(path, name), options);
  await fs.promises.rmdir(path);
};

/**
 * Installs the packages on a machine with nothing but Node and npm, when they are missing or when a manifest
 * or the lockfile changed since the last time.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const stampFile = join(root, 'node_modules', '.sealift-installed');

function workspaceFolders() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  return ['.', 'schemas', ...packages, 'demo', 'test', 'bench'];
}

function wantedStamp() {
  const manifests = workspaceFolders().map((folder) => join(folder, 'package.json'));
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    if (existsSync(join(root, file))) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function pnpmVersion() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return packageManager.replace(/\+.*$/, '');
}

const wanted = wantedStamp();
if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== wanted) {
  const status = run('npx', ['--yes', pnpmVersion(), 'install', '--frozen-lockfile', '--reporter=append-only']);
  if (status === 0) writeFileSync(stampFile, wanted);
  process.exitCode = status;
}

/** What machines have without Sealift: Python and OpenSSL. */
import { spawnSync } from 'node:child_process';

/** Which of python3 (3.9) and openssl (3.0) this machine lacks; undefined when it has both. */
export function missingStockTool(): 'python3' | 'openssl' | undefined {
  if (spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status !== 0) return 'python3';
  const { stdout } = spawnSync('openssl', ['version'], { encoding: 'utf8' });
  return /^OpenSSL [3-9]/.test(stdout ?? '') ? undefined : 'openssl';
}

/** Preloaded into a process (NODE_OPTIONS=--import): writes its peak resident set, in bytes, to $PEAK_MEMORY_FILE when it ends. Linux only. */
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  // Not getrusage's ru_maxrss: that one begins with what the parent had before the exec.
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
  writeFileSync(process.env.PEAK_MEMORY_FILE ?? '/dev/null', `${Number(kib) * 1024}\n`);
});

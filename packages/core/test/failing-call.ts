/** Lets the system refuse, as a broken disk or a foreign file system does. */
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/** Does some work during which the next call of one of Node's functions is refused with a code, and only that call. */
export async function refusingOnce<T>(name: 'link' | 'unlink', code: string, work: () => Promise<T>): Promise<T> {
  const original = promises[name];
  const restore = (): void => {
    Object.assign(promises, { [name]: original });
    syncBuiltinESMExports();
  };
  const refuse = (): Promise<never> => {
    restore();
    return Promise.reject(Object.assign(new Error(`${code}: ${name}`), { code }));
  };
  Object.assign(promises, { [name]: refuse });
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    restore();
  }
}

/** How memory is kept from being collected, and from being returned to the system, several times a second while files are moved. */

import { setFlagsFromString } from 'node:v8';
import { keepFreedMemory } from '@sealift/core/node/memory';

/**
 * Lets the heap grow fourfold before it is collected as a whole, which is the most that V8 chooses by itself. ssh2 makes two buffers for
 * each packet; V8 counts them against a heap that is small and that it lets grow little, and the collections took a third of the
 * processor's time. V8 reads this flag each time that it sets a new limit. It is the process's own affair, and so not of a package's.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=300');
  void keepFreedMemory();
}

/** Runs tasks, each in a worker of its own that ends with it: the page stays alive, and what a task knew is gone. */
import type { Failure } from '../failure.ts';
import type { Order, TaskName, Tasks } from '../work/task.ts';

/** What became of a task. */
export type Performed<Name extends TaskName> =
  | { readonly output: Tasks[Name]['output'] }
  | { readonly failure: Failure };

/** Runs one task. */
export type Perform = <Name extends TaskName>(name: Name, input: Tasks[Name]['input']) => Promise<Performed<Name>>;

const CRASHED: Failure = {
  code: 'E_INTERNAL',
  message: 'the browser stopped the work',
  hint: 'close other pages to free memory, and try again',
};

/** Makes workers from the text of the page's own script. */
export function performer(script: string): Perform {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  return (name, input) =>
    new Promise((resolve) => {
      const worker = new Worker(url);
      const end = (performed: Performed<typeof name>): void => {
        worker.terminate();
        resolve(performed);
      };
      // The worker answers the order that it was given: what comes is of the task's type.
      worker.addEventListener('message', ({ data }: MessageEvent<Performed<typeof name>>) => end(data));
      worker.addEventListener('error', () => end({ failure: CRASHED }));
      const order: Order = { name, input };
      worker.postMessage(order);
    });
}

/** Threads whose program is a text: Node preloads nothing into them, and they don't know what program they are of. */
import process from 'node:process';
import threads from 'node:worker_threads';

const [NAME, PRELOAD] = [process.argv[1], new URL('./intercept.mjs', import.meta.url).href].map((text) =>
  JSON.stringify(text),
);
const { Worker } = threads;

threads.Worker = class extends Worker {
  constructor(program, options) {
    super(`process.argv[1] = ${NAME}; import(${PRELOAD}).then(() => {${program}});`, { ...options, env: process.env });
  }
};

/** A worker's side: one task, one answer; the page ends the worker afterwards, and what it knew with it. */
import { ready } from '@sealift/core';
import { describeFailure } from '../failure.ts';
import { answer, question } from './answer.ts';
import { found } from './found.ts';
import { instructions, sign } from './instructions.ts';
import { recognise } from './recognise.ts';
import type { Answer, Order, TaskName, Tasks } from './task.ts';
import { verify } from './verify.ts';

const TASKS: { readonly [Name in TaskName]: (input: Tasks[Name]['input']) => Promise<Tasks[Name]['output']> } = {
  answer,
  found,
  instructions,
  question,
  recognise,
  sign,
  verify,
};

/** Answers what the page asks. */
export function serve(): void {
  addEventListener('message', ({ data }: MessageEvent<Order>) => {
    void carryOut(data).then((answered) => postMessage(answered));
  });
}

async function carryOut<Name extends TaskName>({ name, input }: Order<Name>): Promise<Answer> {
  try {
    await ready();
    return { output: await TASKS[name](input) };
  } catch (error) {
    return { failure: describeFailure(error) };
  }
}

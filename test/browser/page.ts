/** The page of the browser test: fetches the evidence, examines it and sends back what came out. */
import { type Evidence, examine, type Findings } from './examine.ts';

/** What the page sends. */
export type Answer = { readonly findings: Findings; readonly evalIsBlocked: unknown } | { readonly error: string };

async function answer(): Promise<Answer> {
  try {
    const evidence = (await (await fetch('/evidence.json')).json()) as Evidence;
    return { findings: await examine(evidence), evalIsBlocked: Reflect.get(globalThis, 'evalIsBlocked') };
  } catch (error) {
    return { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

await fetch('/answer', { method: 'POST', body: JSON.stringify(await answer()) });

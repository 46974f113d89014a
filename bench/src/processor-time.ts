/** What programs cost, whatever else the machine does meanwhile. */
import { processorSeconds } from './program.ts';

/** Adds up processor time by program. */
export class ProcessorTime {
  readonly #spent = new Map<string, number[]>();

  /** Takes down what a run cost that nothing else runs beside. */
  async of(name: string, run: Promise<number>): Promise<number> {
    const before = processorSeconds();
    const milliseconds = await run;
    const after = processorSeconds();
    if (before !== undefined && after !== undefined) {
      this.#spent.set(name, [...(this.#spent.get(name) ?? []), after - before]);
    }
    return milliseconds;
  }

  /** The means, in words. */
  text(): string {
    const means = [...this.#spent].map(([name, values]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return `${name} ${mean.toFixed(2)} s`;
    });
    return means.length > 0 ? means.join(', ') : 'unknown here';
  }
}

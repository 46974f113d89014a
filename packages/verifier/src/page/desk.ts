/** The files that were dropped or made, on one desk for all views: a roster that was given once is there everywhere. */
import type { Recognised } from '../work/recognise.ts';
import type { Perform } from './perform.ts';

/** What kinds of files there are. */
export type FileKind = Recognised['kind'];

/** A file on the desk and what it is. */
export interface DeskFile {
  readonly file: File;
  readonly recognised: Recognised;
}

/** A file of a known kind. */
export type FileOf<Kind extends FileKind> = DeskFile & {
  readonly recognised: Extract<Recognised, { readonly kind: Kind }>;
};

function isOf<Kind extends FileKind>(one: DeskFile, kind: Kind): one is FileOf<Kind> {
  return one.recognised.kind === kind;
}

/** The desk. Of most kinds the last file given is the one that counts; sealed files lie there together. */
export class Desk {
  readonly #perform: Perform;
  #files: DeskFile[] = [];
  #changes = 0;

  constructor(perform: Perform) {
    this.#perform = perform;
  }

  /** Rises with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** Looks at files and keeps them; a file replaces an earlier one of its kind. */
  async add(files: Iterable<File>): Promise<readonly DeskFile[]> {
    const added: DeskFile[] = [];
    for (const file of files) {
      const performed = await this.#perform('recognise', file);
      const recognised: Recognised =
        'output' in performed ? performed.output : { kind: 'other', failure: performed.failure };
      added.push({ file, recognised });
    }
    for (const one of added) this.#keep(one);
    this.#changes += 1;
    return added;
  }

  /** The file of a kind, if one is there. */
  get<Kind extends FileKind>(kind: Kind): FileOf<Kind> | undefined {
    return this.all(kind).at(-1);
  }

  /** All files of a kind. */
  all<Kind extends FileKind>(kind: Kind): readonly FileOf<Kind>[] {
    return this.#files.filter((one) => isOf(one, kind));
  }

  /** Takes a file away again. */
  remove(gone: DeskFile): void {
    this.#files = this.#files.filter((one) => one !== gone);
    this.#changes += 1;
  }

  #keep(added: DeskFile): void {
    const { kind } = added.recognised;
    const replaces = (one: DeskFile): boolean =>
      kind === 'sealed' || kind === 'other' ? one.file.name === added.file.name : one.recognised.kind === kind;
    this.#files = [...this.#files.filter((one) => !replaces(one)), added];
  }
}

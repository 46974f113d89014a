/** What the page asks of a worker, and what it gets back. */
import type { Fingerprint } from '@sealift/core/ids';
import type { NewRoster } from '@sealift/core/roster';
import type { Failure } from '../failure.ts';
import type { Language } from '../language.ts';
import type { Answered, AnswerOrder, Question } from './answer.ts';
import type { Evidence } from './files.ts';
import type { ReadInstructions, SignedInstructions, SignOrder } from './instructions.ts';
import type { Recognised } from './recognise.ts';
import type { Verified, VerifyOrder } from './verify.ts';

/** A file that was made, to be saved by the person. */
export interface MadeFile {
  readonly name: string;
  readonly text: string;
}

/** A new identity, and the laboratory's roster where one was asked for. */
export interface Founded {
  readonly identity: MadeFile & { readonly person: string; readonly fingerprint: Fingerprint };
  /** The public half, for those who name this person in a document of theirs. */
  readonly publicIdentity: MadeFile;
  readonly roster?: MadeFile & { readonly lab: string; readonly fingerprint: Fingerprint };
}

/** Every task by its name. */
export interface Tasks {
  /** Says what a file is. */
  readonly recognise: { readonly input: File; readonly output: Recognised };
  /** Makes an identity, and with `lab` the laboratory's first roster. */
  readonly found: {
    readonly input: {
      readonly person: string;
      readonly passphrase: string;
      readonly lab?: Omit<NewRoster, 'issued'>;
    };
    readonly output: Founded;
  };
  /** Reads instructions in plain language. */
  readonly instructions: {
    readonly input: { readonly draft: File; readonly roster: File; readonly language: Language };
    readonly output: ReadInstructions;
  };
  /** Signs instructions. */
  readonly sign: { readonly input: SignOrder; readonly output: SignedInstructions };
  /** Verifies a manifest, and sealed files against it. */
  readonly verify: { readonly input: VerifyOrder; readonly output: Verified };
  /** What there is to answer to an extraction. */
  readonly question: { readonly input: Evidence; readonly output: Question };
  /** Signs the laboratory's answer. */
  readonly answer: { readonly input: AnswerOrder; readonly output: Answered };
}

/** A task's name. */
export type TaskName = keyof Tasks;

/** What is sent to a worker. */
export interface Order<Name extends TaskName = TaskName> {
  readonly name: Name;
  readonly input: Tasks[Name]['input'];
}

/** What a worker answers. */
export type Answer = { readonly output: Tasks[TaskName]['output'] } | { readonly failure: Failure };

/** Options that several commands have. */
import type { OptionSpec } from './command.ts';

/** `--no-passphrase` of commands that make an identity. */
export const NO_PASSPHRASE: OptionSpec = {
  flag: '--no-passphrase',
  summary: 'write the identity unprotected, for services that run unwatched',
};

/** `--lab`: the roster by file. */
export const LAB: OptionSpec = {
  flag: '--lab',
  value: 'roster',
  summary: "the laboratory's roster, instead of the pinned one",
};

/** `--lang`, of what is printed for people who sign. */
export const LANG: OptionSpec = { flag: '--lang', value: 'language', summary: "fr or en; otherwise the system's" };

/** `--identity`, or `MIGRATE_IDENTITY`. */
export const IDENTITY: OptionSpec = {
  flag: '--identity',
  value: 'file',
  summary: 'your secret identity',
  env: 'MIGRATE_IDENTITY',
  required: true,
};

/** `--instructions`. */
export const INSTRUCTIONS: OptionSpec = {
  flag: '--instructions',
  value: 'file',
  summary: "the laboratory's signed instructions",
  required: true,
};

/** `--workspace`. */
export const WORKSPACE: OptionSpec = {
  flag: '--workspace',
  value: 'folder',
  summary: 'where the jobs lie',
  fallback: '.',
};

/** `--job`, for a workspace with several. */
export const JOB: OptionSpec = { flag: '--job', value: 'job', summary: 'which job, if the workspace has several' };

/** `--ssh-key`; without it the agent is asked. */
export const SSH_KEY: OptionSpec = {
  flag: '--ssh-key',
  value: 'file',
  summary: 'your SSH private key; otherwise the agent at SSH_AUTH_SOCK',
};

/** `-o`, with the name that is written when it is absent. */
export function output(fallback: string): OptionSpec {
  return { flag: '--output', short: '-o', value: 'file', summary: 'where it is written', fallback };
}

/** `--source`, where datasets are read; the default is `<dataset>.csv` in that folder. */
export function sourceOption(folder: string): OptionSpec {
  return {
    flag: '--source',
    value: 'dataset=file',
    summary: `where a dataset is read; - is standard input (default: <dataset>.csv in the ${folder})`,
    repeated: true,
  };
}

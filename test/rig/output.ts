/** What `--json` prints, checked against the schema that is published for the command. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

const SCHEMAS = fileURLToPath(new URL('../../schemas/', import.meta.url));

function loadSchemas(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, discriminator: true });
  for (const folder of [SCHEMAS, join(SCHEMAS, 'output')]) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json'))) {
      ajv.addSchema(JSON.parse(readFileSync(join(folder, file), 'utf8')) as object);
    }
  }
  return ajv;
}

let schemas: Ajv2020 | undefined;

/** The data that a command printed with `--json`; throws unless they are what `schemas/output` promises. */
export function requireOutput(command: string, stdout: string): Record<string, unknown> {
  schemas ??= loadSchemas();
  const validate = schemas.getSchema(`https://sealift.example/schemas/output/${command}.schema.json`);
  if (validate === undefined) throw new Error(`${command} has no schema in schemas/output`);
  const data: unknown = JSON.parse(stdout);
  if (validate(data) !== true) throw new Error(`${command}: ${schemas.errorsText(validate.errors)}`);
  return data as Record<string, unknown>;
}

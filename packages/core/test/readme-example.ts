import { ready } from '@sealift/core';
import { signDocument, verifySignature } from '@sealift/core/document';
import { createIdentity, readIdentity } from '@sealift/core/identity';
import { utcTime } from '@sealift/core/ids';

await ready();
const { secret } = createIdentity('Alice Martin', utcTime(new Date()));
const document = signDocument({ type: 'example.note.v1', text: 'the rows are complete' }, secret);

// Whoever has Alice's public identity can verify what she signed; a changed document throws E_SIG.
const alice = readIdentity(secret.identity.document);
verifySignature(document, alice);

export { alice, document };

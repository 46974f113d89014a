/** Commands of stock tools that check what a report says: `sha256sum`, `python3`, `openssl`. A test runs them as they are printed. */
import { currentInstructions, type Story } from '@sealift/core/journal';
import { sealedFilesOf } from './sealed-files.ts';

/** Compares every sealed file with its digest; undefined where there is none. */
export function digestRecipe(story: Story): string | undefined {
  const files = sealedFilesOf(story);
  if (files.length === 0) return undefined;
  const sums = files.map(({ name, digest }) => `${digest.replace('sha256:', '')}  ${name}`);
  return ["sha256sum -c <<'EOF'", ...sums, 'EOF'].join('\n');
}

/** Commands, and whose signature they check. */
export interface SignatureRecipe {
  readonly signer: string;
  readonly commands: string;
}

/**
 * Checks the first signature of the laboratory on the instructions in force: canonical JSON (RFC 8785, as Python writes it where names
 * are ASCII and numbers are integers), DSSE's pre-authentication encoding, Ed25519 (RFC 8032; the prefix is that of RFC 8410).
 */
export function signatureRecipe(story: Story): SignatureRecipe {
  const { document, roster, signedBy } = currentInstructions(story);
  const signature = document.signatures.findIndex(({ key }) => signedBy.has(key));
  const key = document.signatures[signature]?.key;
  const signers = [...roster.signers.values()];
  const signer = signers.findIndex(({ fingerprint }) => fingerprint === key);
  const commands = `python3 - <<'EOF'
import base64, json
manifest = json.load(open("manifest.json", encoding="utf-8"))
document = manifest["instructions"][-1]
body = json.dumps(document["signed"], sort_keys=True,
                  separators=(",", ":"), ensure_ascii=False).encode()
kind = document["signed"]["type"].encode()
head = b"DSSEv1 %d %s %d " % (len(kind), kind, len(body))
signature = document["signatures"][${signature}]["sig"]
signer = manifest["roster"]["signed"]["signers"][${signer}]["signed"]["sign"]
prefix = bytes.fromhex("302a300506032b6570032100")
open("message", "wb").write(head + body)
open("signature", "wb").write(base64.b64decode(signature))
open("key.der", "wb").write(prefix + base64.b64decode(signer))
EOF
openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key.der \\
  -in message -sigfile signature`;
  return { signer: signers[signer]?.name ?? '', commands };
}

/** SSH public keys, as instructions carry them (doc/format.md section 1). */
export {
  parseSshPublicBlob,
  parseSshPublicKey,
  type SshKeyType,
  type SshPublicKey,
  sameSshKey,
} from '../ssh-public-key.ts';
export { SshWireReader } from '../ssh-wire.ts';

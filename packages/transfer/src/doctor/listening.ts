/** What listens on this machine: Sealift opens no port, and what else does should be known (F33). */
import { systemText } from './block-device.ts';
import { type Finding, ok, warn } from './check.ts';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
const LISTEN = '0A';
const REMEDY =
  'stop what need not listen, or bind it to the loopback interface; a firewall in front is no reason to leave it open';

/** Nothing listens to other machines. */
export async function checkListening(): Promise<Finding> {
  const tables = await Promise.all(TABLES.map((path) => systemText(path)));
  if (tables.every((table) => table === undefined))
    return warn("what listens on this machine can't be told on this system", REMEDY);
  const ports = openPorts(tables.join('\n'));
  return ports.length === 0
    ? ok('nothing listens to other machines')
    : warn(`open to other machines: TCP port${ports.length === 1 ? '' : 's'} ${ports.join(', ')}`, REMEDY);
}

/** The ports of /proc/net/tcp and tcp6 that listen on more than loopback, rising. */
export function openPorts(table: string): number[] {
  const ports = new Set<number>();
  for (const line of table.split('\n')) {
    const [, local = '', , state] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (state === LISTEN && !isLoopback(address)) ports.add(Number.parseInt(port, 16));
  }
  return [...ports].sort((a, b) => a - b);
}

/** The kernel writes addresses as 32-bit words in the machine's byte order; all that Node runs on is little-endian, or nearly. */
function isLoopback(address: string): boolean {
  if (address.length === 8) return address.endsWith('7F');
  const mapped = address.startsWith('0000000000000000FFFF0000');
  return address === '00000000000000000000000001000000' || (mapped && address.endsWith('7F'));
}

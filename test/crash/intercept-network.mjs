/** The network: sockets that were connected, not the standard streams. */
import { Buffer } from 'node:buffer';
import net from 'node:net';
import process from 'node:process';
import { die, failure, reach } from './reach.mjs';

const { Socket } = net;
const own = { ...Object.getOwnPropertyDescriptors(Socket.prototype) };
const [connect, write, writev] = ['connect', '_write', '_writev'].map((name) => own[name].value);
const push = Reflect.get(Socket.prototype, 'push');
const connected = new WeakSet();
const broken = (code) => failure(code, 'socket', 'the server');

Socket.prototype.connect = function (...args) {
  connected.add(this);
  const fault = reach('connect', 'the server', ['kill', 'cut']);
  if (fault === 'cut') {
    process.nextTick(() => this.destroy(broken('ECONNREFUSED')));
    return this;
  }
  return connect.apply(this, args);
};

/** Sends the first half, then breaks the connection or dies. */
function sendWith(socket, bytes, callback, whole) {
  const fault = connected.has(socket) ? reach('send', 'the server', ['kill', 'torn', 'cut']) : undefined;
  if (fault === undefined) return whole();
  const all = bytes();
  const half = all.subarray(0, Math.floor(all.length / 2));
  write.call(socket, half, 'buffer', () => {
    if (fault === 'torn') die();
    callback(broken('ECONNRESET'));
  });
}

Socket.prototype._write = function (data, encoding, callback) {
  const bytes = () => (typeof data === 'string' ? Buffer.from(data, encoding) : data);
  sendWith(this, bytes, callback, () => write.call(this, data, encoding, callback));
};
Socket.prototype._writev = function (pieces, callback) {
  const bytes = () => Buffer.concat(pieces.map(({ chunk, encoding }) => Buffer.from(chunk, encoding)));
  sendWith(this, bytes, callback, () => writev.call(this, pieces, callback));
};
Socket.prototype.push = function (chunk, encoding) {
  if (connected.has(this) && reach('arrive', 'the server', ['kill', 'cut']) === 'cut') {
    this.destroy(broken('ECONNRESET'));
    return false;
  }
  return push.call(this, chunk, encoding);
};

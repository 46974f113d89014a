/**
 * Preloaded into a process (NODE_OPTIONS=--import …): counts its operations on files and on the network, in every thread, and
 * lets one of them go wrong. Files of the program itself and what is printed do not count.
 *
 *   SEALIFT_CRASH_LOG=<file>                     one line of JSON for each operation, before it is done
 *   SEALIFT_CRASH_AT=<thread>:<number>:<fault>   which operation of which thread, and how:
 *     kill     SIGKILL before it
 *     torn     SIGKILL after the first half of a write
 *     eio      it fails with EIO and is not done
 *     enospc   the disk is full from here on: half of a write goes in, and nothing that needs room succeeds any more
 *     short    half of a write goes in, and the system says so
 *     cut      the connection breaks, after the first half of a write
 */
import { syncBuiltinESMExports } from 'node:module';
import './intercept-paths.mjs';
import './intercept-handles.mjs';
import './intercept-descriptors.mjs';
import './intercept-network.mjs';
import './intercept-threads.mjs';

syncBuiltinESMExports();

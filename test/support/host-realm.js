// onnxruntime-node builds its tensors with the host's typed arrays; jest's sandbox has its own, and
// the two are not `instanceof` each other. Tests therefore share the host's.
import { TestEnvironment } from 'jest-environment-node';
import { openResources, stillOpen } from './open-resources.js';

const SHARED = [
  'ArrayBuffer',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'BigInt64Array',
  'BigUint64Array',
];

/**
 * Jest's environment of Node with the host's typed arrays. A suite that leaves a server, a socket, a child or a
 * timer behind fails by name: jest ends its workers whatever they hold, and a process of one worker would hang.
 */
export default class HostRealmEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    for (const name of SHARED) this.global[name] = globalThis[name];
    this.suite = context.testPath;
    this.failed = false;
    this.before = new Map();
  }

  async setup() {
    await super.setup();
    // Node opens them when they are first asked for; they are no suite's.
    for (const stream of [process.stdout, process.stderr]) stream.writable;
    this.before = openResources();
  }

  handleTestEvent(event) {
    if (event.name === 'test_done' && event.test.errors.length > 0) this.failed = true;
  }

  async teardown() {
    const left = await stillOpen(this.before);
    await super.teardown();
    if (left === undefined) return;
    const why = `${this.suite} leaves open what would keep its process alive: ${left}; close it in afterEach or afterAll`;
    // What a failed test says is the cause, and must not be lost behind this.
    if (this.failed) process.stderr.write(`\n${why}\n`);
    else throw new Error(why);
  }
}

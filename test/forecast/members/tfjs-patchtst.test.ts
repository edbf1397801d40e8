import { tfjsCpu } from '../../support/tfjs-cpu.ts';
import { tfjsParity } from './tfjs-parity.ts';

tfjsParity('TensorFlow.js in plain JavaScript', async () => tfjsCpu);

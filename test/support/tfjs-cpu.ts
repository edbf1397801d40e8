import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { Tfjs } from '../../src/forecast/members/load-tfjs.ts';

// Else its first run advises on the console to install another backend.
tf.enableProdMode();

/** TensorFlow.js on its backend in plain JavaScript: the operations of tfjs-node, and nothing to install. */
export const tfjsCpu: Tfjs = tf;

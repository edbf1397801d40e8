import type * as tf from '@tensorflow/tfjs-core';

/** The part of TensorFlow.js that every build of it has: operations, on whatever backend is active. */
export type Tfjs = typeof tf;

// A name that the compiler does not resolve: the package is an optional peer, and the build must not need it.
const PACKAGE: string = '@tensorflow/tfjs-node';
const INSTALL = `npm install --no-save --ignore-scripts=false ${PACKAGE}`;

/**
 * TensorFlow.js on its native library, loaded only when asked for, as it is an optional peer. Rejects with one sentence and the command that helps where it is not
 * installed, and where it is without its native library. `load` is how the module is got.
 */
export async function loadTfjs(load: () => Promise<unknown> = () => import(PACKAGE)): Promise<Tfjs> {
  try {
    const found = (await load()) as Tfjs & { readonly default?: Tfjs };
    // It is CommonJS: what it exports by loops has names on the default alone.
    return found.default ?? found;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND')
      throw new Error(`models: --runtime tfjs needs ${PACKAGE}; ${INSTALL}, or leave --runtime away`);
    throw new Error(
      `models: --runtime tfjs needs ${PACKAGE}, which is installed but does not load (${message.replace(/\s+/g, ' ')}); ${INSTALL}, or leave --runtime away`,
    );
  }
}

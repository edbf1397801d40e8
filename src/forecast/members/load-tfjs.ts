import type * as tf from '@tensorflow/tfjs-core';

/** The part of TensorFlow.js that every build of it has: operations on the active backend. */
export type Tfjs = typeof tf;

// Typed as a string so that the compiler does not resolve it: the package is an optional peer, and the build
// must not need it.
const PACKAGE: string = '@tensorflow/tfjs-node';
const INSTALL = `npm install --no-save --ignore-scripts=false ${PACKAGE}`;

/**
 * Loads TensorFlow.js with its native library, only when called, since it is an optional peer. Rejects with
 * one sentence and the command that helps if the package or its native library is not installed. `load`
 * imports the module.
 */
export async function loadTfjs(load: () => Promise<unknown> = () => import(PACKAGE)): Promise<Tfjs> {
  try {
    const found = (await load()) as Tfjs & { readonly default?: Tfjs };
    // It is CommonJS. Names that it exports by loops exist only on the default export.
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

import { fileURLToPath } from 'node:url';

/** The built command. */
export const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** What a process writes, and how it ends. */
export function output(child) {
  const text = { stdout: '', stderr: '' };
  const firstLine = new Promise((resolve, reject) => {
    child.stdout?.setEncoding('utf8').on('data', (part) => {
      text.stdout += part;
      if (text.stdout.includes('\n')) resolve(text.stdout.split('\n', 1)[0]);
    });
    child.once('close', () => reject(new Error(`it ended without a line of stdout; stderr: ${text.stderr}`)));
  });
  firstLine.catch(() => {});
  child.stderr?.setEncoding('utf8').on('data', (part) => {
    text.stderr += part;
  });
  const state = { isOver: false };
  const ended = new Promise((resolve) => {
    const end = (code, signal) => {
      state.isOver = true;
      resolve({ code, signal, ...text });
    };
    child.once('close', end);
    child.once('error', ({ message }) => {
      text.stderr += message;
      end(null, null);
    });
  });
  return { firstLine, ended, text, isOver: () => state.isOver };
}

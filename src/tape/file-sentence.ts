/** Why a file could not be opened or read, as a sentence with the path and what to do. */
export function fileSentence(path: string, cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return `there is no file at ${path} (ENOENT); name one that is there`;
    case 'EISDIR':
      return `${path} is a folder (EISDIR); name a file`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read (${code}); allow it, or name another file`;
    case 'ELOOP':
      return `${path} is a link that leads to itself (ELOOP); name the file itself`;
    default:
      return `${path} cannot be read (${message})`;
  }
}

/** One event of a stream of server-sent events. */
export interface ServerEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events piece by piece: each call gives the events that its piece completes.
 * Comments and unknown fields are left out, as the standard says.
 */
export function serverEvents(): (piece: string) => readonly ServerEvent[] {
  let rest = '';
  return (piece) => {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => {
      const fields = block.split('\n').map((line): readonly [string, string] => {
        const colon = line.indexOf(':');
        return colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
      });
      const last = (name: string): string | undefined => fields.findLast(([field]) => field === name)?.[1];
      const data = fields.filter(([field]) => field === 'data').map(([, text]) => text);
      return data.length === 0
        ? []
        : [{ name: last('event') ?? 'message', id: last('id'), data: data.join('\n') }];
    });
  };
}

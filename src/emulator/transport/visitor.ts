import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../transport/is-loopback.ts';
import { strangeVisitor } from '../../transport/strange-visitor.ts';

/** Why a request may not be answered, undefined if it may: only programs of this machine are. */
export function refusedVisitor(request: IncomingMessage): string | undefined {
  switch (strangeVisitor(request, ({ hostname }) => isLoopback(hostname))) {
    case 'host':
      return 'the emulator answers to 127.0.0.1, [::1] and localhost only, and the Host header names another';
    case 'origin':
      return 'the emulator answers no page of another origin';
    case undefined:
      return undefined;
  }
}

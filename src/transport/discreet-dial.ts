import { map } from 'rxjs';
import type { Dial, SocketEvent } from './dial.ts';
import { headerSecrets } from './header-secrets.ts';
import { redactor } from './redactor.ts';
import { withoutSecrets } from './without-secrets.ts';

/**
 * Sockets whose texts do not repeat the secrets of their own upgrade request. In the reason why a socket
 * closed, whatever has the shape of a secret is hidden too.
 */
export const discreetDial =
  (dial: Dial): Dial =>
  (request) => {
    const { always, inRefusals } = headerSecrets(request.headers);
    if (inRefusals.length === 0) return dial(request);
    const closing = redactor(inRefusals);
    const speaking = redactor(always);
    // Most texts hold nothing, so only what a secret begins with is looked for in each.
    const starts = always.map((secret) => secret.slice(0, 8));
    return dial(request).pipe(
      map((event): SocketEvent => {
        switch (event.kind) {
          case 'text': {
            const { text } = event;
            return starts.some((start) => text.includes(start)) ? { ...event, text: speaking(text) } : event;
          }
          case 'closed':
            return { ...event, detail: withoutSecrets(closing(event.detail)) };
          case 'opened':
            return event;
        }
      }),
    );
  };

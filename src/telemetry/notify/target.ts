import { isLoopback } from '../../transport/is-loopback.ts';
import type { NotifySettings } from './settings.ts';

/** A webhook that was checked. All of it but the host is a secret. */
export interface NotifyTarget {
  readonly url: string;
  readonly host: string;
  readonly shape: NotifySettings['shape'];
  readonly chat: string;
}

/**
 * Checks a webhook's address. It must be HTTPS, except on this machine, since the address is the secret that
 * lets one write. Throws one sentence for anything else, which never repeats the address.
 */
export function notifyTarget(
  text: string,
  { shape, chat }: Pick<NotifySettings, 'shape' | 'chat'>,
): NotifyTarget {
  const refuse = (what: string): never => {
    throw new Error(`notify: the webhook (NOTIFY_URL, or notify.url) ${what}`);
  };
  const url = URL.canParse(text) ? new URL(text) : refuse('is no URL; copy it from the service');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    refuse('must begin with https://, since whoever reads it can write to it');
  if (url.username !== '' || url.password !== '')
    refuse('must hold no user and no password; ntfy takes an access token as ?auth=…');
  if (shape === 'telegram' && chat === undefined)
    throw new Error('notify: Telegram needs notify.chat, the chat that the bot writes to');
  return { url: url.href, host: url.host, shape, chat: chat ?? '' };
}

import type { HttpRequest } from '../../transport/http.ts';
import type { Notice } from './notice.ts';
import type { NotifyTarget } from './target.ts';

/** A header holds no letters beyond these. */
const asciiOf = (text: string): string => text.replace(/[^ -~]/g, '?');
/** Slack reads these three in a text (docs.slack.dev, formatting message text). */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const JSON_HEADERS = { 'content-type': 'application/json' } as const;

/**
 * The request that sends a notice, in the shape of its service: ntfy takes a text with headers
 * (docs.ntfy.sh/publish), Slack a JSON `text`, Telegram a JSON `chat_id` and `text` (core.telegram.org/bots/api).
 */
export function requestOf(
  { url, shape, chat }: NotifyTarget,
  { title, text, urgent }: Pick<Notice, 'title' | 'text' | 'urgent'>,
  timeoutMs: number,
): HttpRequest {
  const request = { method: 'POST', url, timeoutMs } as const;
  switch (shape) {
    case 'ntfy':
      return {
        ...request,
        headers: {
          'content-type': 'text/plain; charset=utf-8',
          title: asciiOf(title),
          priority: urgent ? 'urgent' : 'default',
          tags: urgent ? 'rotating_light' : 'information_source',
        },
        body: text,
      };
    case 'slack':
      return {
        ...request,
        headers: JSON_HEADERS,
        body: JSON.stringify({ text: `*${escaped(title)}*\n${escaped(text)}` }),
      };
    case 'telegram':
      return {
        ...request,
        headers: JSON_HEADERS,
        body: JSON.stringify({
          chat_id: chat,
          text: `${title}\n${text}`,
          disable_notification: !urgent,
        }),
      };
  }
}

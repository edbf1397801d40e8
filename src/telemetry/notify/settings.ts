import { z } from 'zod';

/** What a person can be told of. */
export const NOTICES = ['halt', 'difference', 'blind', 'dayLoss', 'digest'] as const;

/** Settings of the messages to a person. */
export const notifySettings = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Webhook that messages go to: an ntfy topic, a Slack webhook, or Telegram's `https://api.telegram.org/botTOKEN/sendMessage`. " +
          "It is a secret. The environment's NOTIFY_URL stands above it. Nobody is told anything without either.",
      ),
    shape: z
      .enum(['ntfy', 'slack', 'telegram'])
      .default('ntfy')
      .describe('How the webhook wants its messages.'),
    chat: z
      .string()
      .min(1)
      .optional()
      .describe('Telegram only: the chat that the bot writes to, such as `-1001234567890` or `@channel`.'),
    on: z
      .array(z.enum(NOTICES))
      .default([...NOTICES])
      .describe(
        'What is told: halts, differences of the account, that nothing feeds the lane, the loss of the day, a digest a day.',
      ),
    blindSeconds: z
      .int()
      .min(0)
      .default(15)
      .describe('How long nothing must feed the lane before it is told.'),
    digestHour: z
      .int()
      .min(0)
      .max(23)
      .default(0)
      .describe('Hour of the day, UTC, at which the digest is sent.'),
    everySeconds: z.int().min(0).default(5).describe('Least time between two messages. Others wait.'),
    perHour: z.int().min(1).max(1_000).default(30).describe('Most messages of an hour. Others wait.'),
    repeatMinutes: z
      .int()
      .min(0)
      .default(60)
      .describe('The same message about the same thing is not sent again within this time.'),
    queue: z
      .int()
      .min(1)
      .max(1_000)
      .default(50)
      .describe(
        'Most messages that may wait. Beyond it the oldest that is not urgent is dropped and counted.',
      ),
    requestMillis: z.int().min(1).default(10_000).describe('Time after which a request counts as failed.'),
    retries: z
      .int()
      .min(0)
      .max(100)
      .default(8)
      .describe('Most times that a message is sent again after an error of the network or the server.'),
    retryFirstMillis: z.int().min(1).default(1_000).describe('First wait before that. It doubles each time.'),
    retryMaxMillis: z.int().min(1).default(60_000).describe('Longest wait before that.'),
    closeMillis: z
      .int()
      .min(0)
      .default(5_000)
      .describe('Time that sending the rest may take when the command ends.'),
  })
  .describe('How a person is told of what cannot wait.');

/** Settings of the messages to a person, defaults filled in. */
export type NotifySettings = z.infer<typeof notifySettings>;

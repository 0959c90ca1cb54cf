/** Clients of JavaScript that are not made without a key. Data only. */

export type KeyedClient = {
  /** the names under which the package exports it */
  readonly exported: readonly string[];
  readonly keys: readonly {
    /** the option of the first argument that holds the key; absent: it is an argument itself */
    readonly option?: string;
    readonly argument?: number;
    /** the variable that is read where nobody gives one; absent: none is */
    readonly variable?: string;
  }[];
};

/**
 * By the name of the package (openai-node, src/client.ts; groq-typescript, src/index.ts; resend-node, src/resend.ts; stripe-node, src/stripe.core.ts; grammY,
 * src/bot.ts; twilio-node, src/base/BaseTwilio.ts).
 */
export const keyedClients: Readonly<Record<string, KeyedClient>> = {
  openai: { exported: ['default', 'OpenAI'], keys: [{ option: 'apiKey', variable: 'OPENAI_API_KEY' }] },
  'groq-sdk': { exported: ['default', 'Groq'], keys: [{ option: 'apiKey', variable: 'GROQ_API_KEY' }] },
  resend: { exported: ['Resend'], keys: [{ argument: 0, variable: 'RESEND_API_KEY' }] },
  stripe: { exported: ['default', 'Stripe'], keys: [{ argument: 0 }] },
  grammy: { exported: ['Bot'], keys: [{ argument: 0 }] },
  twilio: {
    exported: ['default', 'Twilio'],
    keys: [
      { argument: 0, variable: 'TWILIO_ACCOUNT_SID' },
      { argument: 1, variable: 'TWILIO_AUTH_TOKEN' },
    ],
  },
};

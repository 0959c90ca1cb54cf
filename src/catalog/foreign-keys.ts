/**
 * Keys that another party hands out, by the names that its client or its documentation gives them: a value that is made up looks set and is refused at
 * the first request. Keys that the application itself asks of its callers have such names too; those are its own.
 */
import { nameMatcher } from './variable-names.ts';

const named = nameMatcher(
  [
    // what a client of any service is called with
    '*_API_KEY *_APIKEY *_API_TOKEN *_API_SECRET *_CLIENT_SECRET *_BOT_TOKEN *_WEBHOOK_SECRET *_SIGNING_SECRET *_ACCESS_KEY',
    '*_ACCESS_KEY_SECRET *_AUTH_TOKEN *_ACCESS_TOKEN *_CONSUMER_SECRET *_LICENSE_KEY BOT_TOKEN CLIENT_SECRET WEBHOOK_SECRET LICENSE_KEY',
    // mail goes through the account of a provider
    'SMTP_PASS* MAIL_PASS* EMAIL_PASS* MAILER_PASS* *_SMTP_PASS *_SMTP_PASSWORD SMTP_PWD',
    // services whose keys have names of their own
    'STRIPE_* OPENAI_* ANTHROPIC_* SENDGRID_* RESEND_* MAILGUN_* POSTMARK_* TWILIO_* SLACK_* DISCORD_* TELEGRAM_* GITHUB_* GITLAB_* GOOGLE_*',
    'FIREBASE_* SUPABASE_* AUTH0_* CLERK_* OKTA_* PAYPAL_* BRAINTREE_* CLOUDINARY_* CLOUDFLARE_* ALGOLIA_* MAPBOX_* HUGGINGFACE_* HF_TOKEN',
    'REPLICATE_* PUSHER_* SENTRY_* DATADOG_* DD_API_KEY NEW_RELIC_* AWS_* AZURE_* GCP_* DIGITALOCEAN_* VAPID_PRIVATE_KEY FACEBOOK_* TWITTER_* NOTION_*',
    'LINEAR_* SHOPIFY_* HUBSPOT_* VONAGE_* PLAID_* BREVO_* GEMINI_* MISTRAL_* GROQ_* COHERE_* DEEPL_*',
  ].flatMap((line) => line.split(' ')),
);

/** Words in front of the key that an application gives out itself. */
const own = nameMatcher(
  'ADMIN INTERNAL MASTER OWN SERVER SERVICE APP APPLICATION BACKEND FRONTEND JWT SESSION REFRESH'
    .split(' ')
    .flatMap((word) => [
      `${word}_API_KEY`,
      `${word}_APIKEY`,
      `${word}_API_TOKEN`,
      `${word}_API_SECRET`,
      `${word}_AUTH_TOKEN`,
      `${word}_ACCESS_TOKEN`,
      `${word}_ACCESS_KEY`,
      `${word}_SIGNING_SECRET`,
    ]),
);

/** Whether another party hands out a secret of this name: no value for it can be made up. */
export const isForeignKey = (name: string): boolean => named(name) && !own(name);

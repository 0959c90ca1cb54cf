/**
 * Mail: in development, Mailpit (https://hub.docker.com/r/axllent/mailpit) catches every message and shows it on a web page, so that no mail reaches a
 * person; in production the application gets the address of your own mail server. Clients of a mail API, and provider addresses in the source, stay
 * unchanged.
 */
import type { BackingService, ServiceDetection } from './contract.ts';
import { check, listCheck } from './support/check.ts';

export const detection: ServiceDetection = {
  name: 'mailpit',
  title: 'Mailpit',
  host: 'mailpit',
  clients: [
    'nodemailer',
    '@nestjs-modules/mailer',
    'emailjs',
    'smtp-client',
    'smtpjs',
    '@upyo/smtp',
    'email-templates',
  ],
  schemes: ['smtp', 'smtps'],
  variables: [
    ...['SMTP_URL', 'MAIL_URL', 'MAILER_URL', 'EMAIL_URL', 'MAILER_DSN', 'SMTP_URI', 'EMAIL_SERVER'].map((match) => ({
      match,
      part: 'url' as const,
    })),
    ...['SMTP_HOST', 'MAIL_HOST', 'EMAIL_HOST', 'MAILER_HOST', 'SMTP_SERVER', 'SMTP_HOSTNAME', 'EMAIL_SERVER_HOST'].map(
      (match) => ({ match, part: 'host' as const }),
    ),
    ...['SMTP_PORT', 'MAIL_PORT', 'EMAIL_PORT', 'MAILER_PORT', 'EMAIL_SERVER_PORT'].map((match) => ({
      match,
      part: 'port' as const,
    })),
    ...[
      'SMTP_USER',
      'SMTP_USERNAME',
      'MAIL_USER',
      'MAIL_USERNAME',
      'EMAIL_USER',
      'EMAIL_SERVER_USER',
      'MAILER_USER',
    ].map((match) => ({ match, part: 'user' as const })),
    ...[
      'SMTP_PASS',
      'SMTP_PASSWORD',
      'MAIL_PASS',
      'MAIL_PASSWORD',
      'EMAIL_PASS',
      'EMAIL_PASSWORD',
      'EMAIL_SERVER_PASSWORD',
      'MAILER_PASSWORD',
    ].map((match) => ({ match, part: 'password' as const })),
    // it speaks no TLS on the network of the deployment
    ...['SMTP_SECURE', 'MAIL_SECURE', 'EMAIL_SECURE', 'SMTP_TLS', 'SMTP_SSL', 'MAIL_TLS'].map((match) => ({
      match,
      part: 'other' as const,
      value: 'false',
    })),
  ],
  words: ['smtp'],
  serves: [{ kind: 'mail' }],
  required: false,
  addressed: true,
  asks: true,
  only: {
    form: 'development',
    why: 'no mail sent in development reaches a person; in production your own mail server sends it',
  },
};

const port = 1025;

export const service: BackingService = {
  roles: [],
  container: () => ({
    image: 'axllent/mailpit:v1.33',
    port: 8025,
    env: {
      // any name and password is right, as applications insist on handing some over
      MP_SMTP_AUTH_ACCEPT_ANY: ['1'],
      MP_SMTP_AUTH_ALLOW_INSECURE: ['1'],
    },
    check: check('/mailpit', 'readyz'),
    developmentPort: 8025,
    why: 'it accepts every message and sends none; its web page shows them',
  }),
  connection: (part, { host }) => {
    const values = {
      url: [`smtp://${host}:${port}`],
      host: [host],
      port: [String(port)],
      user: ['app'],
      password: ['any-is-taken'],
      name: [],
    };
    return values[part];
  },
  checks: { javascript: (_client, connection) => listCheck(connection, { scheme: 'smtp', port: 587 }) },
};

import { randomBytes } from 'node:crypto';

/** A random value for a local secret: 32 characters that need no quoting in an address, a shell or an `.env` file. */
export const randomSecret = (): string => randomBytes(24).toString('base64url');

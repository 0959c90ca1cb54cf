import { z } from 'zod';

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  DATABASE_URL: z.url(),
  REDIS_URL: z.url(),
  CACHE_TTL_SECONDS: z.coerce.number().int().positive().default(300),
  PAYMENT_API_URL: z.url({ protocol: /^https?$/ }),
  PAYMENT_API_KEY: z.string().min(1),
  PAYMENT_TIMEOUT_MS: z.coerce.number().int().positive().default(3000),
});

export type Env = z.infer<typeof schema>;

/** Reads the environment; throws one error that names every variable that is missing or wrong, never its value. */
export function readEnv(source: Record<string, string | undefined> = process.env): Env {
  const result = schema.safeParse(source);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`invalid environment: ${problems.join('; ')}`);
}

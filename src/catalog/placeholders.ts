/**
 * What stands for real values while an image is built, before anybody knows them: each says of itself that it is none, and leads nowhere (RFC 6761:
 * `.invalid` never resolves, and nothing listens at port 1).
 */
export const placeholders = {
  /** as long as most checks of secrets demand */
  text: 'placeholder-of-the-build-not-a-real-value',
  host: 'build.invalid',
  /** account and place of a service */
  place: 'build:build@127.0.0.1:1',
} as const;

/** Whether a value is one of them, or holds one. */
export const isPlaceholder = (value: string): boolean =>
  Object.values(placeholders).some((mark) => value.includes(mark));

/** Whether an example of a setting is no value that anything works with: `your-project-ref.supabase.co`, `<key>`, `xxxx`. */
export const isOnlyExample = (text: string): boolean =>
  /(^|[^a-z])(your|insert|replace|change)[-_ ][a-z]|placeholder|changeme|^<|^x{3,}$|^\.{3}$/i.test(text);

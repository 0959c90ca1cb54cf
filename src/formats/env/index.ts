/**
 * A value as a line of an `.env` file holds it, so that Docker Compose reads back exactly this text: plain where nothing in it means
 * anything, else in single quotes, where only the quote itself and line breaks need more (compose-go, package dotenv).
 */
export function envValue(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return value;
  if (!value.includes("'") && !/[\n\r\\]/.test(value)) return `'${value}'`;
  const text = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('$', '\\$')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `"${text}"`;
}

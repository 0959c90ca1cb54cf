/** What a registry asks for before it answers (RFC 9110, "WWW-Authenticate"): its scheme and parameters. */
export type Challenge = { readonly scheme: string; readonly values: Readonly<Record<string, string>> };

/** Reads the first challenge of a header. */
export function readChallenge(header: string): Challenge {
  const space = header.indexOf(' ');
  const scheme = (space === -1 ? header : header.slice(0, space)).toLowerCase();
  const values: Record<string, string> = {};
  let at = space === -1 ? header.length : space + 1;
  while (at < header.length) {
    const equals = header.indexOf('=', at);
    if (equals === -1) break;
    const name = header.slice(at, equals).replace(/[\s,]/g, '').toLowerCase();
    if (header[equals + 1] === '"') {
      const end = header.indexOf('"', equals + 2);
      const close = end === -1 ? header.length : end;
      values[name] = header.slice(equals + 2, close);
      at = close + 1;
    } else {
      const comma = header.indexOf(',', equals);
      const close = comma === -1 ? header.length : comma;
      values[name] = header.slice(equals + 1, close).trim();
      at = close + 1;
    }
  }
  return { scheme, values };
}

/**
 * Text that others wrote, as it may be shown. A terminal, a log viewer and a reader of a diff all obey characters that nobody sees:
 * an escape sequence moves the cursor, a bidirectional mark turns the order of what follows around, a zero-width space makes two
 * different names look alike. Wherever text of a project is printed, such a character is shown as its escape: `\x1b`, `\n`, `\u202e`.
 *
 * Hidden are control characters but the tab (C0, DEL, C1), line and paragraph separators, lone surrogates, noncharacters, and what has no
 * glyph of its own: bidirectional controls, zero-width characters, soft hyphens, fillers, invisible operators, variation selectors and the
 * tags of U+E0000. Three kinds of these belong to ordinary text and stay where they do their work: a joiner behind a letter of a script
 * that joins (Persian, Hindi, Malayalam …) or inside an emoji; a variation selector behind an emoji, a keycap or a Han character; and
 * those of Mongolian behind its letters. Flags that are spelled with tags (England, Scotland, Wales) are shown as escapes.
 *
 * What is shown is for eyes: a backslash stays as it is, so the text cannot be read back. JSON can: `visibleJson`.
 */

/**
 * Text in which nothing can be hidden, however it is put together: what most lines are made of. It is told apart first because the patterns
 * below hold whole tables of Unicode, and making those takes longer than printing.
 */
const plain =
  /^[\t -~\u{A1}-\u{AC}\u{AE}-\u{FF}\u{2010}-\u{2027}\u{2190}-\u{21FF}\u{2500}-\u{257F}\u{2713}\u{2717}]*$/u;

type Tables = {
  readonly hidden: RegExp;
  readonly ordinary: readonly { readonly char: RegExp; readonly behind: RegExp; readonly before?: RegExp }[];
};

function makeTables(): Tables {
  // the tab is told apart below; marks stand alone, because in one class they could be taken for a part of what is before them
  const hidden =
    /\u{34F}|[\u{17B4}-\u{17B5}]|[\u{180B}-\u{180F}]|[\u{FE00}-\u{FE0F}]|[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{NChar}\u{AD}\u{61C}\u{115F}\u{1160}\u{200B}-\u{200F}\u{202A}-\u{202E}\u{2060}-\u{206F}\u{3164}\u{FEFF}\u{FFA0}\u{FFF0}-\u{FFFB}\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/gu;
  const joiner = /^[\u{200C}\u{200D}]$/u;
  // a letter or mark of a script in which a joiner changes the shape of its neighbors (Unicode, "Cursive Joiners")
  const joins =
    /(?=[\p{L}\p{M}])(?![\u{17B4}-\u{17B5}]|[\u{180B}-\u{180F}])[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mand}\p{scx=Nko}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]$/u;
  // what an emoji is put together from: a picture, its variation selector or its skin, then the joiner and the next picture
  const picture = /(?:\p{Extended_Pictographic}\u{FE0F}?|\p{Emoji_Modifier})$/u;
  const nextPicture = /^\p{Extended_Pictographic}/u;
  // behind what, and before what, a character without a glyph is part of ordinary text
  const ordinary = [
    { char: joiner, behind: joins },
    { char: /^\u{200D}$/u, behind: picture, before: nextPicture },
    { char: /^[\u{FE0E}\u{FE0F}]$/u, behind: /\p{Extended_Pictographic}$/u },
    { char: /^\u{FE0F}$/u, behind: /[0-9#*]$/, before: /^\u{20E3}/u },
    { char: /^[\u{FE00}-\u{FE02}\u{E0100}-\u{E01EF}]$/u, behind: /\p{Script=Han}$/u },
    { char: /^[\u{180B}-\u{180F}]$/u, behind: /(?=\p{L})\p{Script=Mongolian}$/u },
  ];
  return { hidden, ordinary };
}

let made: Tables | undefined;
const tables = (): Tables => {
  made ??= makeTables();
  return made;
};

/** The longest neighbor that a rule looks at, in UTF-16 units: a picture with its variation selector. */
const reach = 3;

function isHidden(char: string, at: number, text: string): boolean {
  if (char === '\t') return false;
  const behind = text.slice(Math.max(0, at - reach), at);
  const before = text.slice(at + char.length, at + char.length + reach);
  return !tables().ordinary.some(
    (rule) => rule.char.test(char) && rule.behind.test(behind) && (rule.before?.test(before) ?? true),
  );
}

/** A text with each hidden character replaced by what `write` makes of it. Characters beyond U+FFFF are given whole. */
export const replaceHidden = (text: string, write: (char: string) => string): string =>
  plain.test(text)
    ? text
    : text.replace(tables().hidden, (char, at: number) => (isHidden(char, at, text) ? write(char) : char));

const hex = (code: number, width: number) => code.toString(16).padStart(width, '0');
const codeOf = (char: string) => char.codePointAt(0) ?? 0;

/** An escape as people know it: `\n`, `\x1b`, `\u202e`, `\u{e0041}`. */
function shown(char: string): string {
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  const code = codeOf(char);
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`;
}

/** A text of one line for people's eyes: every hidden character as an escape, a line break too. Showing it twice changes nothing. */
export const visible = (text: string): string => replaceHidden(text, shown);

/** Whether a text holds a character that is only shown as an escape. */
export const hasHidden = (text: string): boolean => visible(text) !== text;

/** Hidden characters as `\uXXXX`, which JSON and JavaScript read back as the same text. For what already is JSON or a string of JavaScript. */
export const visibleJson = (json: string): string =>
  replaceHidden(json, (char) =>
    char === '\n' ? char : Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at), 4)}`).join(''),
  );

/** A string in double quotes, as JSON and JavaScript read it, with nothing hidden in it. */
export const jsonString = (text: string): string => visibleJson(JSON.stringify(text));

/**
 * A string in double quotes, as YAML reads it (1.2, 5.7): beyond U+FFFF it has an escape of its own. No text file can hold half of a
 * surrogate pair; it becomes what every program reads in its place.
 */
export const yamlString = (text: string): string =>
  replaceHidden(JSON.stringify(text.toWellFormed()), (char) => {
    const code = codeOf(char);
    return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });

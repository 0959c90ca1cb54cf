/**
 * Programs that applications start, by the package of Debian that has them (https://packages.debian.org), and those that a slim image of Debian
 * brings. Data only.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-28';

const byPackage: Readonly<Record<string, string>> = {
  ffmpeg: 'ffmpeg ffprobe',
  imagemagick: 'convert identify magick mogrify montage composite',
  graphicsmagick: 'gm',
  zip: 'zip',
  unzip: 'unzip zipinfo',
  git: 'git',
  curl: 'curl',
  wget: 'wget',
  'openssh-client': 'ssh scp sftp ssh-keygen ssh-keyscan ssh-add',
  'libreoffice-nogui': 'soffice libreoffice lowriter localc',
  'poppler-utils': 'pdftotext pdftoppm pdfinfo pdftocairo pdfimages pdfunite pdfseparate pdftohtml',
  ghostscript: 'gs ps2pdf',
  'tesseract-ocr': 'tesseract',
  pandoc: 'pandoc',
  python3: 'python3',
  'python-is-python3': 'python',
  'postgresql-client': 'pg_dump pg_restore pg_dumpall psql pg_isready createdb dropdb',
  'default-mysql-client': 'mysql mysqldump mysqladmin mariadb mariadb-dump',
  sqlite3: 'sqlite3',
  'redis-tools': 'redis-cli',
  rsync: 'rsync',
  jq: 'jq',
  'p7zip-full': '7z 7za',
  'libimage-exiftool-perl': 'exiftool',
  sox: 'sox soxi',
  'yt-dlp': 'yt-dlp',
  chromium: 'chromium',
  graphviz: 'dot neato',
  qpdf: 'qpdf',
  'pdftk-java': 'pdftk',
  'iputils-ping': 'ping ping6',
  'bind9-dnsutils': 'dig nslookup nsupdate',
  whois: 'whois',
  traceroute: 'traceroute',
  'netcat-openbsd': 'nc',
  openssl: 'openssl',
  gpg: 'gpg',
  procps: 'ps top free pgrep pkill uptime vmstat sysctl',
  lsof: 'lsof',
  mediainfo: 'mediainfo',
  potrace: 'potrace',
  optipng: 'optipng',
  pngquant: 'pngquant',
  jpegoptim: 'jpegoptim',
  webp: 'cwebp dwebp gif2webp',
  'xz-utils': 'xz unxz',
  bzip2: 'bzip2 bunzip2',
  patch: 'patch',
  iproute2: 'ip ss',
  'net-tools': 'ifconfig netstat arp',
  file: 'file',
  'cups-client': 'lp lpr lpstat',
  'libvips-tools': 'vips vipsthumbnail',
  texlive: 'pdflatex latex xelatex',
  aria2: 'aria2c',
  espeak: 'espeak',
};

const packages: ReadonlyMap<string, string> = new Map(
  Object.entries(byPackage).flatMap(([name, programs]) =>
    programs.split(' ').map((program): [string, string] => [program, name]),
  ),
);

/** What Debian's slim images bring: their essential packages. */
const brought: ReadonlySet<string> = new Set(
  `sh bash dash cat ls cp mv rm mkdir rmdir ln touch chmod chown grep egrep fgrep sed awk mawk tar gzip gunzip zcat find xargs head tail sort uniq
  tee date hostname uname df du sleep env which diff cmp perl mount umount id whoami echo printf true false test cut tr wc stat readlink realpath
  basename dirname md5sum sha1sum sha256sum base64 nproc nohup timeout kill mktemp dd sync seq split od expr yes nice tty stty arch
  getent ldd getconf pwd cd export set exit if for while source . [ exec wait ulimit umask trap command type eval read`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** Programs of other systems and of desktops: code asks for them where it runs on one. */
const elsewhere: ReadonlySet<string> = new Set(
  'open xdg-open osascript cmd cmd.exe powershell powershell.exe pwsh start explorer explorer.exe pbcopy pbpaste xclip taskkill tasklist wmic say sw_vers defaults launchctl systemctl service sudo apt apt-get brew dnf yum apk clear tput reg ver netsh scutil code'.split(
    ' ',
  ),
);

/** Programs of the runtime itself, which its slim image brings as well. */
const ofRuntime: ReadonlySet<string> = new Set('node npm npx yarn pnpm bun bunx corepack'.split(' '));

/** What a program needs of the distribution: a package, nothing, or nothing that an image of Debian could have. */
export function packageOfProgram(
  program: string,
): { readonly name: string } | 'brought' | 'runtime' | 'elsewhere' | undefined {
  const name = packages.get(program);
  if (name !== undefined) return { name };
  if (brought.has(program)) return 'brought';
  if (ofRuntime.has(program)) return 'runtime';
  return elsewhere.has(program) ? 'elsewhere' : undefined;
}

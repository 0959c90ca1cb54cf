import { sitesOf } from '../model/applications.ts';
import type { Artifact } from '../model/artifact.ts';
import type { Plan } from '../model/plan.ts';
import type { ArtifactPrinter } from './contract.ts';
import { header, headerDecision } from './header.ts';
import { lines, remark } from './lines.ts';
import { valuesScript } from './site-values.ts';

/** What is worth compressing: text. Images and fonts are compressed already. */
const types =
  'text/css text/plain text/javascript application/javascript application/json application/manifest+json application/wasm application/xml image/svg+xml';

/** What nginx says with what is asked for each time. A block that has headers of its own inherits none. */
const pageHeaders = (site: Site): string => `    add_header Cache-Control "no-cache" always;
    add_header X-Content-Type-Options nosniff always;
    add_header Referrer-Policy strict-origin-when-cross-origin always;
${site.ownPolicy ? '' : `    add_header Content-Security-Policy "frame-ancestors 'self'; object-src 'none'" always;\n`}`;

type Site = NonNullable<Plan['site']>;

const keptForLong = 'public, max-age=31536000, immutable';
const neverChange = 'the build puts a content hash into these names, so the files never change';
const mayChange = 'another start may write other values into these files, so browsers revalidate them';

/** How the web server gives out a site: what may be kept, for how long, and what answers where there is no file. */
export function siteConfig(plan: Plan, site: Site): Artifact {
  const out = lines();
  const { decision, assets, hashes, base, everywhere, fallback } = site;
  const top = base === undefined ? '/' : `/${base}/`;
  for (const line of header(plan, site.config)) out.add(remark(line), headerDecision);
  out.blank();
  const add = (text: string) => out.add(text, decision);
  const proxied = (site.proxies ?? []).flatMap(({ host, ...proxy }) =>
    host === undefined ? [] : [{ ...proxy, host }],
  );
  const rest = fallback ? proxied.find(isRest) : undefined;
  for (const text of mapsFor(proxied)) add(text);
  add(`server {
  listen ${site.port};
  root ${site.root};
  server_tokens off;
  # a redirect must not name the port inside the container
  absolute_redirect off;

  gzip on;
  gzip_vary on;
  gzip_min_length 1024;
  gzip_types ${types};

  # for the health check of the container; not logged
  location = ${site.probe} {
    access_log off;
    default_type text/plain;
    return 200 "ok\\n";
  }
`);
  if (!fallback) {
    add(`  # the site's own 404 page, if it has one; the status stays 404
  error_page 404 ${top}404.html;
  location = ${top}404.html {
    internal;
${pageHeaders(site)}  }
`);
  }
  if (base !== undefined && !everywhere) {
    add(`  # the site is built for this base path
  location = / {
    return 302 ${top};
  }
`);
  }
  if (assets !== undefined) {
    add(`  # ${site.values ? mayChange : neverChange}, and a missing file is an error
  location ^~ ${top}${assets}/ {
    add_header Cache-Control "${site.values ? 'no-cache' : keptForLong}";
    add_header X-Content-Type-Options nosniff always;
    location ~ /\\. {
      return 404;
    }
    try_files $uri =404;
  }
`);
  }
  for (const proxy of proxied) if (!isRest(proxy)) add(handedOn(proxy));
  add(`  # hide dotfiles, except for .well-known
  location ~ /\\.(?!well-known/) {
    return 404;
  }
`);
  if (hashes && !site.values) add(hashedNames);
  add(`  # a name with an extension is a file: if it is missing, return 404 instead of a page
  location ~* \\.[a-z0-9]+$ {
${pageHeaders(site)}    try_files $uri =404;
  }
`);
  for (const text of pagesOf(site, top, rest)) add(text);
  add('}');
  return out.artifact(site.config, 'source');
}

/** The page of a site whose files alone lie below a path. */
const pageOfAll = (site: Site, page: string): string => `
  # the files are at the base path of the build; all other paths are pages
  location / {
${pageHeaders(site)}    try_files $uri ${page};
  }`;

/** Where the pages lie: that of the site, those of its languages, and what answers a path that is no file. */
function pagesOf(site: Site, top: string, rest: Proxied | undefined): readonly string[] {
  const { fallback, everywhere, page = 'index.html', languages = [] } = site;
  const first = languages.includes('') ? undefined : languages[0];
  const ofLanguage = languages
    .filter((folder) => folder !== '')
    .map(
      (folder) => `  location ${top}${folder}/ {
${pageHeaders(site)}    try_files $uri $uri/index.html ${top}${folder}/${page};
  }
`,
    );
  const opened =
    first === undefined
      ? []
      : [
          `  # the site has a folder for each language; this is the default one
  location = ${top} {
    return 302 ${top}${first}/;
  }
`,
        ];
  const ofSite = `${top}${first === undefined ? '' : `${first}/`}${page}`;
  return [
    ...opened,
    ...ofLanguage,
    `  # pages are revalidated each time, so that a new release shows up at once${fallback ? '; paths of the app get its single page' : ''}
  location ${top} {
${pageHeaders(site)}    try_files $uri ${fallback ? `$uri/index.html ${page === 'index.html' ? '' : '$uri.html '}${rest ? '@rest' : ofSite}` : '$uri/index.html $uri.html =404'};
  }${rest ? `\n${restHandedOn(site, rest, ofSite)}` : ''}`,
    ...(everywhere ? [pageOfAll(site, ofSite)] : []),
  ];
}

/**
 * Names with a hash of their content, wherever they lie: eight digits of base 16 or more with a letter among them (webpack, Parcel), or eight capitals and
 * digits (esbuild, by which Angular builds). A date of eight digits is none, and neither is a word.
 */
const hashedNames = `  # the build puts a content hash into these names, so the files never change, and a missing file is an error
  location ~ "(?:[./-](?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}|-(?=[0-9A-Z]*[0-9])[0-9A-Z]{8})(?:\\.chunk|\\.bundle)?\\.[a-z0-9]+$|-[0-9A-Z]{8}\\.(?:js|css)$" {
    add_header Cache-Control "public, max-age=31536000, immutable";
    add_header X-Content-Type-Options nosniff always;
    try_files $uri =404;
  }
`;

type Proxied = { readonly path: string; readonly host: string; readonly port: number; readonly strips: boolean };

/** It stands for whatever has no file and asks for no page. */
const isRest = ({ path }: Proxied): boolean => path === '/';

/** What is worked out for each request that is handed on. */
const mapsFor = (proxied: readonly Proxied[]): readonly string[] => [
  ...(proxied.some(isRest)
    ? [
        `# requests for a page get one
map $http_accept $asks_for_page {
  default '';
  ~text/html page;
}
`,
      ]
    : []),
  ...(proxied.length > 0
    ? [
        `# pass on WebSocket upgrades
map $http_upgrade $connection_upgrade {
  default upgrade;
  '' '';
}
`,
      ]
    : []),
];

/** Hands a request on. The name is looked up when it is asked for: nginx starts without it. */
const handsOn = ({ host, port }: Proxied, first = ''): string => `    resolver 127.0.0.11 valid=10s;
    set $answering http://${host}:${port};
${first}    proxy_pass $answering;
    proxy_http_version 1.1;
    proxy_buffering off;
    client_max_body_size 0;
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $connection_upgrade;`;

/** Paths that another application answers, as the development server of the tool hands them on. */
const handedOn = (proxy: Proxied): string => `  # ${proxy.host} serves these, as in development
  location ^~ ${proxy.path} {
${handsOn(proxy, proxy.strips ? `    rewrite ^${proxy.path}/?(.*)$ /$1 break;\n` : '')}
  }
`;

/** What has no file: another application answers what asks for no page, as while developing. */
const restHandedOn = (site: Site, proxy: Proxied, page: string): string => `
  # ${proxy.host} serves everything that is not a file or a page, as in development
  location @rest {
    error_page 418 = @page;
    if ($asks_for_page) {
      return 418;
    }
${handsOn(proxy)}
  }

  location @page {
${pageHeaders(site)}    try_files ${page} =404;
  }`;

export const artifact: ArtifactPrinter = {
  name: 'nginx',
  title: 'Configuration of the web server of a site',
  order: 80,
  print: (plan) =>
    sitesOf(plan).flatMap((site) => [siteConfig(plan, site), ...(site.values ? [valuesScript(plan, site)] : [])]),
};

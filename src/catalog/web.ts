/**
 * The web server that gives out the files of a site, without root: nginx on port 8080 as uid 101, its own temporary files in /tmp
 * (nginxinc/docker-nginx-unprivileged, README). 1.29 is the mainline on the day of the catalogue.
 */
export const webServer = {
  image: 'nginxinc/nginx-unprivileged:1.29-alpine',
  uid: 101,
  gid: 101,
  port: 8080,
  root: '/usr/share/nginx/html',
  /** what its image starts */
  start: ['nginx', '-g', 'daemon off;'],
  /** the script that fills in values, and starts it then */
  filling: '/usr/local/bin/values.sh',
  /** copies of the files with the values of this start in them: in its folder for temporary files, the only one that is writable */
  filled: '/tmp/site',
  config: '/etc/nginx/conf.d/default.conf',
  /** asks over HTTP; in the image, unlike curl in many others */
  probe: (path: string): readonly string[] => ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:8080${path}`],
} as const;

/**
 * Beginnings of paths that a platform answers itself, before a site that it holds: anywhere else nothing is there (https://vercel.com/docs/analytics,
 * https://docs.netlify.com/build/functions/overview, https://developers.cloudflare.com/fundamentals/reference/cdn-cgi-endpoint).
 */
export const platformPaths: readonly string[] = ['/_vercel/', '/.netlify/', '/cdn-cgi/'];

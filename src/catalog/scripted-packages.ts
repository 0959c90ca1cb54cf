/**
 * Packages that do not work where their install script was not run, besides those that it compiles: it fetches what they are about. By the releases that
 * need it; others bring that as packages of their own, or only greet.
 */
export const scriptedPackages: Readonly<Record<string, string>> = {
  // packages of each platform since 0.33 (https://sharp.pixelplumbing.com/changelog)
  sharp: '<0.33.0',
  // the same since 0.13 (https://github.com/evanw/esbuild/releases/tag/v0.13.0)
  esbuild: '<0.13.0',
  'node-sass': '*',
  fibers: '*',
  grpc: '*',
  'phantomjs-prebuilt': '*',
  'cwebp-bin': '*',
  mozjpeg: '*',
  'pngquant-bin': '*',
  'optipng-bin': '*',
  gifsicle: '*',
  'jpegtran-bin': '*',
  'hugo-bin': '*',
};

/**
 * Variables that platforms set by themselves where they run an application: nobody gives them elsewhere, and an application that reads them does without.
 * Names as the pages of the platforms list them ("System environment variables" and the like), looked up on 2026-11-29. Their tokens are none: owners set them.
 */
import type { NamePattern } from './variable-names.ts';

const ofVercel = [
  'ENV',
  'TARGET_ENV',
  'URL',
  'BRANCH_URL',
  'PROJECT_PRODUCTION_URL',
  'REGION',
  'DEPLOYMENT_ID',
  'GIT_*',
].flatMap((name) => ['VERCEL_', 'NEXT_PUBLIC_VERCEL_'].map((start) => `${start}${name}`));

const ofRailway = [
  'ENVIRONMENT',
  'ENVIRONMENT_*',
  'PROJECT_*',
  'SERVICE_*',
  'PUBLIC_DOMAIN',
  'PRIVATE_DOMAIN',
  'STATIC_URL',
  'REPLICA_*',
  'DEPLOYMENT_*',
  'VOLUME_*',
  'TCP_*',
  'GIT_*',
].map((name) => `RAILWAY_${name}`);

const ofRender = [
  'EXTERNAL_URL',
  'EXTERNAL_HOSTNAME',
  'SERVICE_*',
  'INSTANCE_ID',
  'DISCOVERY_SERVICE',
  'CPU_COUNT',
  'GIT_*',
].map((name) => `RENDER_${name}`);

const ofFly = [
  'APP_NAME',
  'REGION',
  'MACHINE_*',
  'ALLOC_ID',
  'PUBLIC_IP',
  'PRIVATE_IP',
  'IMAGE_REF',
  'PROCESS_GROUP',
  'VM_MEMORY_MB',
].map((name) => `FLY_${name}`);

// https://learn.microsoft.com/windows/deployment/usmt/usmt-recognized-environment-variables; `Path` is what Windows calls PATH
const ofWindows = [
  'PATH',
  'PATHEXT',
  'COMSPEC',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'SYSTEMROOT',
  'SYSTEMDRIVE',
  'WINDIR',
  'HOMEDRIVE',
  'HOMEPATH',
  'ALLUSERSPROFILE',
];

export const platformVariables: readonly { readonly platform: string; readonly names: readonly NamePattern[] }[] = [
  { platform: 'Vercel', names: ['VERCEL', ...ofVercel] },
  {
    platform: 'Netlify',
    names: ['NETLIFY', 'NETLIFY_DEV', 'NETLIFY_LOCAL', 'NETLIFY_IMAGES_CDN_DOMAIN', 'DEPLOY_URL', 'DEPLOY_PRIME_URL'],
  },
  { platform: 'Railway', names: ofRailway },
  { platform: 'Render', names: ofRender },
  { platform: 'Fly.io', names: ofFly },
  {
    platform: 'Heroku',
    names: ['DYNO', 'HEROKU_APP_*', 'HEROKU_DYNO_ID', 'HEROKU_SLUG_*', 'HEROKU_RELEASE_*', 'HEROKU_BUILD_*'],
  },
  { platform: 'Cloud Run', names: ['K_SERVICE', 'K_REVISION', 'K_CONFIGURATION', 'CLOUD_RUN_*', 'FUNCTION_TARGET'] },
  { platform: 'AWS Lambda', names: ['AWS_LAMBDA_*', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR', 'AWS_EXECUTION_ENV'] },
  { platform: 'Azure App Service', names: ['WEBSITE_HOSTNAME', 'WEBSITE_SITE_NAME', 'WEBSITE_INSTANCE_ID'] },
  { platform: 'Cloudflare Pages', names: ['CF_PAGES', 'CF_PAGES_*'] },
  {
    platform: 'Replit',
    names: ['REPL_ID', 'REPL_SLUG', 'REPL_OWNER', 'REPLIT_DEV_DOMAIN', 'REPLIT_DOMAINS', 'REPLIT_DEPLOYMENT'],
  },
  { platform: 'Kubernetes', names: ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT'] },
  { platform: 'Windows', names: ofWindows },
  { platform: 'A desktop', names: ['XDG_*', 'WAYLAND_DISPLAY', 'DESKTOP_SESSION'] },
  {
    platform: 'A terminal',
    names: ['COLORTERM', 'TERM_PROGRAM', 'TERM_PROGRAM_VERSION', 'SSH_TTY', 'EDITOR', 'VISUAL'],
  },
];

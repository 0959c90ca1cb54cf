/**
 * Files that hold credentials and no part of an application: patterns of a build context, for any folder of it. Each is `**` and the name of a file or
 * folder with at most one `*`. By the programs that keep them: logins of curl and git, libpq, httpd, direnv and dotenv (`prod.env`), ssh, command lines
 * of clouds and Kubernetes, keystores (RFC 7292), and the state of Terraform, which holds every value in clear.
 */
export const credentialFiles: readonly string[] = [
  '**/*.env',
  '**/.envrc',
  '**/.netrc',
  '**/.git-credentials',
  '**/.pgpass',
  '**/.htpasswd',
  '**/.ssh',
  '**/id_rsa',
  '**/id_ed25519',
  '**/.aws',
  '**/.kube',
  '**/service-account*.json',
  '**/*.p12',
  '**/*.pfx',
  '**/*.tfstate',
];

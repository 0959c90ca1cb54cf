/**
 * Actions of GitHub that a workflow uses, each by the commit of one release: a tag can be moved to another commit, as 76 tags of
 * aquasecurity/trivy-action were on 2026-03-19 (GHSA-69fq-xp46-6x23). The release of that action that stands here is a later one, and the one that
 * it installs, Trivy 0.70.0, is none of the tampered ones (0.69.4 to 0.69.6).
 *
 * Source: the tags of each repository, read on the day of `asOf`; `released` is the date of the tag.
 */

/** The day this was last looked up (ISO). */
export const asOf = '2026-11-30';

export type Action = {
  readonly name: string;
  readonly version: string;
  readonly commit: string;
  readonly released: string;
};

const action = (name: string, version: string, released: string, commit: string): Action => ({
  ...{ name, version, released, commit },
});

export const actions = {
  checkout: action('actions/checkout', 'v7.0.1', '2026-07-17', '3d3c42e5aac5ba805825da76410c181273ba90b1'),
  node: action('actions/setup-node', 'v7.0.0', '2026-07-13', '820762786026740c76f36085b0efc47a31fe5020'),
  qemu: action('docker/setup-qemu-action', 'v4.2.0', '2026-07-01', '96fe6ef7f33517b61c61be40b68a1882f3264fb8'),
  buildx: action('docker/setup-buildx-action', 'v4.3.0', '2026-08-17', '37fe631027851001ddb9b187196cc803df7f5f0e'),
  build: action('docker/build-push-action', 'v7.3.0', '2026-07-01', '53b7df96c91f9c12dcc8a07bcb9ccacbed38856a'),
  login: action('docker/login-action', 'v4.1.0', '2026-04-02', '4907a6ddec9925e35a0a9e82d7399ccc52663121'),
  scan: action('aquasecurity/trivy-action', 'v0.36.0', '2026-04-22', 'ed142fd0673e97e23eac54620cfb913e5ce36c25'),
  sarif: action(
    'github/codeql-action/upload-sarif',
    'v4.36.2',
    '2026-06-04',
    '8aad20d150bbac5944a9f9d289da16a4b0d87c1e',
  ),
} as const satisfies Readonly<Record<string, Action>>;

/** Actions that build an image, by their names without the version: a workflow with one of them builds it already. */
export const buildingActions: readonly string[] = [
  'docker/build-push-action',
  'docker/bake-action',
  'redhat-actions/buildah-build',
  'depot/build-push-action',
  'useblacksmith/build-push-action',
  'elgohr/publish-docker-github-action',
  'mr-smithers-excellent/docker-build-push',
  'ko-build/setup-ko',
  'buildpacks/github-actions/setup-pack',
];

/** What Dockwright is started with there. */
export const dockwrightRuntime = {
  title: 'Node.js',
  action: actions.node,
  input: 'node-version',
  version: '24',
} as const;

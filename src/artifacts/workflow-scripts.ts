/**
 * The shell of the workflow. No text of the project stands in it, and no expression of GitHub: both come as variables of the step, so that a branch
 * with a quote or a `$(…)` in its name stays a name. GitHub starts it with `bash --noprofile --norc -eo pipefail`.
 */

/** What a script of a workflow is written for. */
const script = (...lines: readonly string[]): string => lines.join('\n');

/** What belongs to this run: the scope of the cache, the time of the commit, and whether anything is pushed. */
export const namesScript = script(
  '# a cache scope cannot contain a comma, but a branch can',
  'echo "scope=${GITHUB_REF_NAME//[^A-Za-z0-9_.-]/-}" >> "$GITHUB_OUTPUT"',
  'echo "created=$(TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd)" >> "$GITHUB_OUTPUT"',
  'push=false',
  'case $GITHUB_EVENT_NAME in',
  '  push | workflow_dispatch)',
  '    if [ "$GITHUB_REF_TYPE" = tag ] || [ "$GITHUB_REF_NAME" = "$BRANCH" ]; then push=true; fi',
  '    ;;',
  'esac',
  'echo "push=$push" >> "$GITHUB_OUTPUT"',
);

/** The version that git tells, for builds that ask for it. */
export const describeScript = 'echo "version=$(git describe --tags --always)" >> "$GITHUB_OUTPUT"';

/** What Compose is started with: words of a shell that are quoted already. */
export type Start = {
  readonly compose: string;
  readonly workloads: string;
  /** the services of the author's files get the image that was built */
  readonly isOver: boolean;
  readonly mayBuild: boolean;
  /** lines that write values of the run before, and names of variables with the files that they write */
  readonly values: readonly string[];
  readonly written: readonly string[];
};

/** Starts the image as it is, with its services, and waits until all are healthy. */
export const startScript = ({ compose, workloads, isOver, mayBuild, values, written }: Start): string =>
  script(
    ...values,
    ...(isOver
      ? [
          '# services of the project’s own compose files use the image that was built',
          'printf \'%s\' "$SERVICES" > "$RUNNER_TEMP/images.json"',
        ]
      : []),
    'finish() {',
    '  code=$?',
    '  if [ "$code" != 0 ]; then',
    '    # keeps GitHub from treating application output as workflow commands',
    '    token=$(openssl rand -hex 16)',
    '    echo "::stop-commands::$token"',
    `    ${compose} ps --all`,
    `    ${compose} logs --no-color --tail 100`,
    '    echo "::$token::"',
    '  fi',
    `  ${compose} down --volumes --remove-orphans`,
    ...(written.length > 0
      ? [
          '  # keeps them out of the context of later builds',
          `  rm -f ${written.map((name) => `"\${made_${name}-}"`).join(' ')}`,
        ]
      : []),
    `  if [ "$code" = 0 ]; then state='became healthy'; else state='did **not** become healthy'; fi`,
    '  echo "- The runtime contract, as far as Docker Compose checks it: started as in production, it $state" >> "$GITHUB_STEP_SUMMARY"',
    '  exit "$code"',
    '}',
    'trap finish EXIT',
    `${compose} up --detach ${mayBuild ? '' : '--no-build '}--wait --wait-timeout 300 ${workloads}`,
  );

/** Sizes, layers and findings of the images, for the page of the run; larger than the budget ends it. */
export const summaryScript = script(
  'over=0',
  '{',
  '  echo "| Image | Compressed, about | Unpacked | Layers | Findings |"',
  '  echo "| --- | --- | --- | --- | --- |"',
  '  while read -r image report; do',
  '    if [ -z "$image" ]; then continue; fi',
  '    report="$RUNNER_TEMP/$report"',
  '    if ! size=$(docker image inspect --format "{{.Size}}" "$image" 2> /dev/null); then',
  '      echo "| \\`$image\\` | not built | | | |"',
  '      continue',
  '    fi',
  '    layers=$(docker image inspect --format "{{len .RootFS.Layers}}" "$image")',
  '    packed=$(docker save "$image" | gzip | wc -c)',
  '    findings="not scanned"',
  '    if [ -s "$report" ]; then findings=$(jq "[.runs[].results[]] | length" "$report"); fi',
  '    echo "| \\`$image\\` | $((packed / 1000000)) MB | $((size / 1000000)) MB | $layers | $findings |"',
  '    if [ -n "$BUDGET" ] && [ "$packed" -gt "$BUDGET" ]; then over=1; fi',
  '  done <<< "$IMAGES"',
  '  if [ -n "$BUDGET" ]; then echo; echo "The budget is $((BUDGET / 1000000)) MB compressed."; fi',
  '} >> "$GITHUB_STEP_SUMMARY"',
  'if [ "$over" = 1 ]; then echo "An image exceeds the budget, so nothing is pushed"; exit 1; fi',
);

/**
 * The tags of this run: the commit, of a git tag the version that it names, of the branch its name. The same table as `dockwright tag` has
 * (ship/tags.ts); `latest` is moved by nobody.
 */
export const tagsScript = script(
  'tags=("${GITHUB_SHA:0:12}")',
  "number='(0|[1-9][0-9]{0,14})'",
  'final="^$number\\.$number\\.$number(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?\\$"',
  'name=$GITHUB_REF_NAME',
  'if [ "$GITHUB_REF_TYPE" = tag ] && [ -n "$APP" ]; then',
  '  for sign in @ - /; do',
  '    if [[ $name == "$APP$sign"* ]]; then name=${name#"$APP$sign"}; break; fi',
  '  done',
  'fi',
  'if [[ $name =~ ^v[0-9] ]]; then name=${name#v}; fi',
  'if [ "$GITHUB_REF_TYPE" = tag ]; then',
  '  if [[ $name =~ $final ]]; then',
  '    version=${name//[^A-Za-z0-9_.-]/-}',
  '    if there=$(inspect --format "{{json .Manifest}}" "$REPOSITORY:$version" 2> /dev/null | jq -er .digest) && [ "$there" != "$DIGEST" ]; then',
  '      echo "$version is not moved: it already exists in the registry as $there"',
  '    else',
  '      tags+=("$version")',
  '    fi',
  '  fi',
  'else',
  '  branch=${GITHUB_REF_NAME//[^A-Za-z0-9_.-]/-}',
  '  while [[ $branch == [.-]* ]]; do branch=${branch#[.-]}; done',
  '  # a branch that looks like a version, a commit or latest gets no tag',
  '  if [[ -n $branch && $branch != latest && ! $branch =~ ^[0-9a-f]{7,64}$ && ! $name =~ $final ]]; then tags+=("${branch:0:128}"); fi',
  'fi',
);

/** Compares what was uploaded with what was started, then moves its tags. */
export const tagScript = script(
  'inspect() { docker buildx imagetools inspect "$@"; }',
  'manifest=$(inspect --raw "$REPOSITORY@$DIGEST")',
  'architecture=$(docker image inspect --format "{{.Architecture}}" "$IMAGE")',
  'own=$(jq -r --arg architecture "$architecture" \'first(.manifests[]? | select(.platform.os == "linux" and .platform.architecture == $architecture)) | .digest\' <<< "$manifest")',
  'if [ -n "$own" ]; then manifest=$(inspect --raw "$REPOSITORY@$own"); fi',
  'if [ "$(jq -r .config.digest <<< "$manifest")" != "$STARTED" ]; then',
  '  echo "The uploaded image is not the one that was tested, so no tag was moved"',
  '  exit 1',
  'fi',
  tagsScript,
  'weigh() { jq "[.layers[].size] | add"; }',
  'before=$(inspect --raw "$REPOSITORY:${tags[-1]}" 2> /dev/null || true)',
  'old=$(jq -r --arg architecture "$architecture" \'first(.manifests[]? | select(.platform.os == "linux" and .platform.architecture == $architecture)) | .digest\' <<< "${before:-null}")',
  'if [ -n "$old" ]; then before=$(inspect --raw "$REPOSITORY@$old" 2> /dev/null || true); fi',
  'arguments=()',
  'for tag in "${tags[@]}"; do arguments+=(--tag "$REPOSITORY:$tag"); done',
  'docker buildx imagetools create "${arguments[@]}" "$REPOSITORY@$DIGEST"',
  '{',
  '  echo "### \\`$REPOSITORY\\`"',
  '  echo',
  '  echo "- Digest: \\`$DIGEST\\`"',
  '  for tag in "${tags[@]}"; do echo "- Tag: \\`$tag\\`"; done',
  '  echo "- Compressed: $(($(weigh <<< "$manifest") / 1000)) kB"',
  '  if [ -n "$before" ]; then',
  '    kept=$(jq -n --argjson new "$manifest" --argjson old "$before" \'[$new.layers[].digest] - ([$new.layers[].digest] - [$old.layers[]?.digest]) | length\')',
  '    echo "- Since the last push: $kept of $(jq ".layers | length" <<< "$manifest") layers are the same"',
  '  fi',
  '  echo "- Run it: \\`docker run --rm $REPOSITORY@$DIGEST\\`"',
  '} >> "$GITHUB_STEP_SUMMARY"',
);

/** The public API: the verbs, and the types that travel between them. Errors that a user can cause are `UserError`s. */
import type * as buildFlow from './flows/build.ts';
import type * as checkFlow from './flows/check.ts';
import type * as commandsFlow from './flows/commands.ts';
import type * as deployFlow from './flows/deploy.ts';
import type * as pinFlow from './flows/pin.ts';
import type * as pushFlow from './flows/push.ts';
import type * as scanFlow from './flows/scan.ts';
import type * as shippedFlow from './flows/shipped.ts';
import type * as signFlow from './flows/sign.ts';
import type * as tagFlow from './flows/tag.ts';
import type * as verifyFlow from './flows/verify.ts';

export type { BuildOptions } from './flows/build.ts';
export type { CheckOptions } from './flows/check.ts';
export type { EverydayCommand as Everyday } from './flows/commands.ts';
export type { Context } from './flows/context.ts';
export { loadContext } from './flows/context.ts';
export type { DockerEdit } from './flows/docker-edits.ts';
export type { Explanation } from './flows/explain.ts';
export { decisionsByLine, explain } from './flows/explain.ts';
export type { ConflictSides as Sides, EnvOffer, GenerateOptions, Generation } from './flows/generate.ts';
export {
  conflictIn,
  generate,
  isPending,
  withDockerEdits,
  withoutEdits,
  withSides,
  writeGeneration,
} from './flows/generate.ts';
export type { Inspection } from './flows/inspect.ts';
export { inspectProject } from './flows/inspect.ts';
export { maskedText } from './flows/mask-secrets.ts';
export type { FlowOptions } from './flows/options.ts';
export type { Pinning, PinOptions } from './flows/pin.ts';
export { placeOf } from './flows/project-folder.ts';
export type { PushOptions } from './flows/push.ts';
export type { ScanOptions } from './flows/scan.ts';
export type { BuildSecret, GivenSecret, SecretOptions } from './flows/secrets.ts';
export { buildSecretsOf, placesOf } from './flows/secrets.ts';
export { shippedSizes as weightsOf } from './flows/shipped-sizes.ts';
export type { TagOptions } from './flows/tag.ts';
export type { VerifyOptions } from './flows/verify.ts';
export type { Artifact, Change, Conflict } from './model/artifact.ts';
export type { CheckItem, CheckReport, Drift, DriftCause, DriftFile, DriftLines } from './model/check.ts';
export type { Config } from './model/config.ts';
export type { BuildReport, ContractItem, IsolationNote, OnProgress, Progress, VerifyReport } from './model/contract.ts';
export { UserError } from './model/errors.ts';
export type { Evidence, Known, Unknown } from './model/evidence.ts';
export type { Facts, Repository } from './model/facts.ts';
export type { Finding, NotUnderstood } from './model/finding.ts';
export type { PinReport } from './model/pinning.ts';
export type { Decision, Plan } from './model/plan.ts';
export { isProved } from './model/proved.ts';
export type { Proof, Requirement, Specification } from './model/requirement.ts';
export type { ScanFinding, ScanReport, ScanSecret } from './model/scan.ts';
export type { ScannerName, ScanSeverity } from './model/scan-words.ts';
export type { DeployReport, DeployStep, PerApp, PushReport, SignReport, TagReport } from './model/shipping.ts';

// what needs an engine or a prover is loaded when it is called: generating must not wait for it

/** Builds the image of an app and measures it. */
export const build: typeof buildFlow.build = async (...args) => (await import('./flows/build.ts')).build(...args);

/** Names the image by its commit, version and branch. */
export const tag: typeof tagFlow.tag = async (...args) => (await import('./flows/tag.ts')).tag(...args);

/** Looks up digests and commits of what the files name by tags, and works out the files that name them. */
export const pin: typeof pinFlow.pin = async (...args) => (await import('./flows/pin.ts')).pin(...args);

/** Writes what `pin` worked out. */
export const writePins = async (...args: Parameters<typeof pinFlow.writePins>) =>
  (await import('./flows/pin.ts')).writePins(...args);

/** Looks for known vulnerabilities and for secrets in the image. */
export const scan: typeof scanFlow.scan = async (...args) => (await import('./flows/scan.ts')).scan(...args);

/** Pushes what was verified, by its digest. */
export const push: typeof pushFlow.push = async (...args) => (await import('./flows/push.ts')).push(...args);

/** Signs what was pushed last. */
export const sign: typeof signFlow.sign = async (...args) => (await import('./flows/sign.ts')).sign(...args);

/** The registry that this user named last for a project. */
export const rememberedRegistry = async (...args: Parameters<typeof shippedFlow.rememberedRegistry>) =>
  (await import('./flows/shipped.ts')).rememberedRegistry(...args);

/** Keeps that name for the next time. */
export const rememberRegistry = async (...args: Parameters<typeof shippedFlow.rememberRegistry>) =>
  (await import('./flows/shipped.ts')).rememberRegistry(...args);

/** From a checkout to a pushed digest, step by step. */
export const deploy: typeof deployFlow.deploy = async (...args) => (await import('./flows/deploy.ts')).deploy(...args);

/** Starts the deployment as in production, but apart, and proves the runtime contract. */
export const verify: typeof verifyFlow.verify = async (...args) => (await import('./flows/verify.ts')).verify(...args);

/** The everyday commands for a project: build, run, look, get in, scale, stop. */
export const everydayCommands: typeof commandsFlow.everydayCommands = async (...args) =>
  (await import('./flows/commands.ts')).everydayCommands(...args);

/** How far the specification is proved, and whether the artifacts are what would be generated now. */
export const check: typeof checkFlow.check = async (...args) => (await import('./flows/check.ts')).check(...args);

/** Runs Dafny and TLC over the specification's own files, and keeps what they proved. */
export const recordProofs: typeof checkFlow.recordProofs = async (...args) =>
  (await import('./flows/check.ts')).recordProofs(...args);

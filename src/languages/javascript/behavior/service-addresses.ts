/** Services that are ours only where a variable says where they are, and that run elsewhere: what the source says of their addresses. */
import type { Facts, ServiceUse, Variable } from '../../../model/facts.ts';
import type { ServiceDetection } from '../../../services/contract.ts';
import { services } from '../../../services/registry.gen.ts';

type DraftVariable = Pick<Variable, 'name' | 'default'> & { readonly example?: string | undefined };
type Points = { readonly service: string; readonly part: NonNullable<Variable['part']> };

/** The host of an address, with or without a scheme. */
function hostIn(text: string): string {
  const address = text.split(',')[0]?.trim() ?? '';
  try {
    return new URL(address.includes('://') ? address : `tcp://${address}`).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return '';
  }
}

/** Whether a place is of a machine or a container beside the application, or stands for one that nobody has named yet. */
function isOwnPlace(text: string | undefined): boolean {
  if (!text) return true;
  const host = hostIn(text);
  return (
    host === '' ||
    !host.includes('.') ||
    /^(127|10|192\.168|0)\./.test(host) ||
    /\.(local|localhost|internal|invalid|test|example|docker)$/.test(host) ||
    /(^|\.)example\.(com|org|net)$/.test(host) ||
    /(^|[.-])your([.-]|$)/.test(host)
  );
}

const isPlace = ({ part }: Points): boolean => part === 'url' || part === 'host';

/** Whether the application reaches a service through a variable, and not the account of somebody else that the source names. */
export function isAddressed(
  service: ServiceDetection,
  client: string | undefined,
  own: readonly DraftVariable[],
  pointing: ReadonlyMap<string, Points>,
): boolean {
  if (!service.addressed) return true;
  const places = own.filter(({ name }) => {
    const points = pointing.get(name);
    return points !== undefined && isPlace(points);
  });
  const isTheirs = (draftVariable: DraftVariable) =>
    !isOwnPlace(draftVariable.default) || (!service.only && !isOwnPlace(draftVariable.example));
  return client !== undefined && places.length > 0 && !places.some(isTheirs);
}

/** An address of a service that runs elsewhere: it has to be given, unless the source names a place that can be reached from a container. */
export function placedOutside<
  T extends Pick<Variable, 'default' | 'required' | 'given'> & { readonly example?: string | undefined },
>(draft: T, points: Points | undefined): T {
  const service = points && services.find(({ name }) => name === points.service);
  if (!service?.outside || !points || !isPlace(points)) return draft;
  const { default: own, ...rest } = draft;
  if (own && !isOwnPlace(own)) return draft;
  return { ...(rest as T), required: true };
}

/** What is said of each service that runs elsewhere, in every form or in production. */
export const outsideNotes = (used: readonly ServiceUse[], pointing: ReadonlyMap<string, Points>): Facts['notes'] =>
  used.flatMap(({ service: name, variables, from }) => {
    const service = services.find((service) => service.name === name);
    if (!service?.outside && !service?.only) return [];
    const places = variables.filter((variable) => {
      const points = pointing.get(variable);
      return points !== undefined && isPlace(points);
    });
    if (service.only) {
      const form = `${service.title} is a container only in ${service.only.form}`;
      const message = `${form}: set the address of your own in ${places.join(' and ')}`;
      return [{ code: 'service-in-one-form', message, from: from.slice(0, 1) }];
    }
    const message =
      places.length > 0
        ? `${service.title} runs outside the deployment: set its address in ${places.join(' and ')}`
        : `${service.title} runs outside the deployment, and no variable holds its address: the address in the source must work inside a container, where localhost is the container itself`;
    return [{ code: 'service-outside', message, from: from.slice(0, 1) }];
  });

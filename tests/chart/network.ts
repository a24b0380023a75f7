/** As much of network policies as the chart uses: who may speak with whom inside the release. */
import type { KubernetesObject, Labels } from './manifests.ts';

interface Selector {
  matchLabels?: Labels;
  matchExpressions?: readonly { key: string; operator: string; values: readonly string[] }[];
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string };
}
interface Rule {
  from?: readonly Peer[];
  to?: readonly Peer[];
  ports?: readonly { port: number }[];
}
interface Policy {
  podSelector: Selector;
  policyTypes: readonly string[];
  ingress?: readonly Rule[];
  egress?: readonly Rule[];
}

export const policiesOf = (objects: readonly KubernetesObject[]): Policy[] =>
  objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as unknown as Policy);

export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`expected the operator In, found ${operator}`);
      return values.includes(labels[key] ?? '');
    })
  );
}

/** Whether nothing gets in or out that no policy allows. */
export const isCovered = (policies: readonly Policy[], labels: Labels): boolean =>
  ['Ingress', 'Egress'].every((type) =>
    policies.some(
      ({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, labels),
    ),
  );

const allowsPeer = (peers: readonly Peer[] | undefined, labels: Labels): boolean =>
  peers === undefined ||
  peers.some(({ podSelector, namespaceSelector, ipBlock }) =>
    ipBlock || namespaceSelector ? false : podSelector !== undefined && selects(podSelector, labels),
  );

const allowsPort = (rule: Rule, port: number): boolean =>
  rule.ports === undefined || rule.ports.some((allowed) => allowed.port === port);

/** Whether a pod may connect to another of the release. */
export function mayConnect(policies: readonly Policy[], from: Labels, to: Labels, port: number): boolean {
  const out = policies
    .filter(({ podSelector }) => selects(podSelector, from))
    .flatMap(({ egress = [] }) => egress)
    .some((rule) => allowsPort(rule, port) && allowsPeer(rule.to, to));
  const into = policies
    .filter(({ podSelector }) => selects(podSelector, to))
    .flatMap(({ ingress = [] }) => ingress)
    .some((rule) => allowsPort(rule, port) && allowsPeer(rule.from, from));
  return out && into;
}

/** Whether pods of a namespace elsewhere may connect to a pod of the release. */
export const mayEnter = (policies: readonly Policy[], namespace: string, to: Labels, port: number): boolean =>
  policies
    .filter(({ podSelector }) => selects(podSelector, to))
    .flatMap(({ ingress = [] }) => ingress)
    .some(
      (rule) =>
        allowsPort(rule, port) &&
        (rule.from === undefined ||
          rule.from.some(
            ({ namespaceSelector }) =>
              namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] === namespace,
          )),
    );

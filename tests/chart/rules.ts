/** The rules that every object of the chart keeps; each gives the faults that it finds, in words. */
import { podsOf, type Container, type KubernetesObject, type Pod } from './manifests.ts';
import { isCovered, policiesOf } from './network.ts';

export type Rule = (objects: readonly KubernetesObject[]) => string[];

const ofContainers =
  (fault: (container: Container, pod: Pod) => string | false | undefined): Rule =>
  (objects) =>
    podsOf(objects).flatMap((pod) =>
      [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].flatMap((container) => {
        const found = fault(container, pod);
        return found ? [`${pod.owner}, container ${container.name}: ${found}`] : [];
      }),
    );

const ofPods =
  (fault: (pod: Pod) => string | false | undefined): Rule =>
  (objects) =>
    podsOf(objects).flatMap((pod) => {
      const found = fault(pod);
      return found ? [`${pod.owner}: ${found}`] : [];
    });

const SECRET_NAME = /PASSWORD|SECRET|_KEY$|TOKEN|^REDIS_URL$/;
const SECRET_VALUE = /:\/\/[^/@\s]*:[^/@\s]+@/;
/** Runs to its end: nobody routes to it, and a time limit bounds it. */
const runsOnce = ({ ownerKind }: Pod): boolean => ownerKind === 'Pod';

export const rules: Record<string, Rule> = {
  'pods are not root, with the default seccomp profile': ofPods(({ spec }) => {
    const context = spec.securityContext ?? {};
    const profile = (context['seccompProfile'] as { type?: string } | undefined)?.type;
    return (
      (context['runAsNonRoot'] !== true && 'may run as root') ||
      (!(Number(context['runAsUser']) > 0) && 'names no user') ||
      (profile !== 'RuntimeDefault' && 'has no seccomp profile') ||
      (spec.hostNetwork === true && 'uses the host’s network')
    );
  }),
  'containers gain no rights and write to volumes only': ofContainers(({ securityContext = {} }) => {
    const dropped = (securityContext['capabilities'] as { drop?: string[] } | undefined)?.drop ?? [];
    return (
      (securityContext['allowPrivilegeEscalation'] !== false && 'may gain rights') ||
      (securityContext['readOnlyRootFilesystem'] !== true && 'may write to its root') ||
      (!dropped.includes('ALL') && 'keeps capabilities')
    );
  }),
  'containers have requests and limits of memory and processors': ofContainers(({ resources = {} }) => {
    const missing = (['requests', 'limits'] as const).flatMap((kind) =>
      ['cpu', 'memory'].filter((name) => !resources[kind]?.[name]).map((name) => `${kind}.${name}`),
    );
    return missing.length > 0 && `lacks ${missing.join(', ')}`;
  }),
  'containers that stay have probes, and liveness does not ask for Redis': ofContainers((container, pod) => {
    if (runsOnce(pod)) return false;
    const { livenessProbe, readinessProbe } = container;
    if (!livenessProbe || !readinessProbe) return 'lacks a probe';
    const path = livenessProbe.httpGet?.path;
    return path === '/ready' && 'is killed when Redis is unreachable';
  }),
  'images are pinned by tag': ofContainers(({ image }) => {
    const tag = /:([^/:]+)$/.exec(image)?.[1];
    return (!tag || tag === 'latest') && `image ${image} has no exact tag`;
  }),
  'no secret stands in the environment as text': ofContainers(({ env = [] }) => {
    const open = env.filter(
      ({ name, value }) => value !== undefined && (SECRET_NAME.test(name) || SECRET_VALUE.test(value)),
    );
    return open.length > 0 && `${open.map(({ name }) => name).join(', ')} is text`;
  }),
  'no pod is given a token by itself': ofPods(
    ({ spec }) => spec.automountServiceAccountToken !== false && 'mounts the token of its account',
  ),
  'a pod’s end is long enough for its drain': ofPods(({ spec }) => {
    const env = spec.containers.flatMap((container) => container.env ?? []);
    const seconds = (name: string) =>
      Number(/^(\d+)s$/.exec(env.find((one) => one.name === name)?.value ?? '')?.[1] ?? 0);
    const needed = seconds('SHUTDOWN_GRACE') + seconds('TRAINER_DRAIN');
    const granted = spec.terminationGracePeriodSeconds ?? 30;
    return needed > 0 && granted <= needed && `is granted ${granted} s, needs more than ${needed} s`;
  }),
  'mounted volumes are there': ofPods(({ spec }) => {
    const claimed = new Set((spec.volumes ?? []).map(({ name }) => name));
    const missing = spec.containers
      .flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name))
      .filter((name) => !claimed.has(name) && name !== 'data');
    return missing.length > 0 && `mounts ${missing.join(', ')}, which it does not have`;
  }),
  'what is referred to is there': (objects) => {
    const names = (kind: string) =>
      new Set(objects.filter((one) => one.kind === kind).map((one) => one.metadata.name));
    const [accounts, deployments] = [names('ServiceAccount'), names('Deployment')];
    const pods = podsOf(objects).filter(
      ({ spec }) => spec.serviceAccountName !== undefined && !accounts.has(spec.serviceAccountName),
    );
    const scalers = objects.filter(({ kind, spec }) => {
      const target = (spec as { scaleTargetRef?: { name: string } } | undefined)?.scaleTargetRef;
      return /^(ScaledObject|HorizontalPodAutoscaler)$/.test(kind) && !deployments.has(target?.name ?? '');
    });
    return [
      ...pods.map(({ owner }) => `${owner}: its service account is missing`),
      ...scalers.map(({ metadata }) => `${metadata.name}: what it scales is missing`),
    ];
  },
};

/** For releases with network policies. */
export const networkRule: Rule = (objects) => {
  const policies = policiesOf(objects);
  return podsOf(objects)
    .filter(({ labels }) => !isCovered(policies, labels))
    .map(({ owner }) => `${owner}: no network policy covers it`);
};

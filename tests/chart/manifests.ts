/** What the chart renders, as objects, and the pods among them. */
import { parseAllDocuments } from 'yaml';

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Labels; readonly annotations?: Labels };
  readonly spec?: Record<string, unknown>;
  readonly [key: string]: unknown;
}
export type Labels = Readonly<Record<string, string>>;

export interface Env {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { name: string; key: string } };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: readonly Env[];
  readonly resources?: { requests?: Labels; limits?: Labels };
  readonly securityContext?: Record<string, unknown>;
  readonly livenessProbe?: { httpGet?: { path: string; port: string }; tcpSocket?: { port: string } };
  readonly readinessProbe?: { httpGet?: { path: string } };
  readonly ports?: readonly { name: string; containerPort: number }[];
  readonly volumeMounts?: readonly { name: string; mountPath: string }[];
}

export interface Pod {
  /** Kind and name of what makes it. */
  readonly owner: string;
  readonly ownerKind: string;
  readonly labels: Labels;
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly { name: string }[];
    readonly securityContext?: Record<string, unknown>;
    readonly serviceAccountName?: string;
    readonly automountServiceAccountToken?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly hostNetwork?: boolean;
  };
}

export const parseManifests = (text: string): KubernetesObject[] =>
  parseAllDocuments(text).flatMap((document) => {
    const [problem] = document.errors;
    if (problem) throw problem;
    return document.toJSON() === null ? [] : [document.toJSON() as KubernetesObject];
  });

interface Template {
  metadata?: { labels?: Labels };
  spec: Pod['spec'];
}

export function podsOf(objects: readonly KubernetesObject[]): Pod[] {
  return objects.flatMap((object) => {
    const template = templateOf(object);
    if (!template) return [];
    const owner = `${object.kind} ${object.metadata.name}`;
    return [{ owner, ownerKind: object.kind, labels: template.metadata?.labels ?? {}, spec: template.spec }];
  });
}

function templateOf(object: KubernetesObject): Template | undefined {
  const spec = object.spec as { template?: Template; jobTargetRef?: { template: Template } } | undefined;
  if (object.kind === 'Pod')
    return { metadata: object.metadata, spec: object.spec as unknown as Pod['spec'] };
  return spec?.template ?? spec?.jobTargetRef?.template;
}

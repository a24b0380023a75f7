/** The environment that Kubernetes would give a container of the rendered chart. */
import type { Container, KubernetesObject } from './manifests.ts';

/** Data of secrets that the chart refers to and does not make, by name. */
export type GivenSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** @throws Error for a secret or a key of one that is not there, as Kubernetes would not start the container then */
export function environmentOf(
  container: Container,
  objects: readonly KubernetesObject[],
  given: GivenSecrets = {},
): Record<string, string> {
  const secrets = { ...generatedSecrets(objects), ...given };
  return Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }) => {
      if (value !== undefined) return [name, value];
      const reference = valueFrom?.secretKeyRef;
      const found = reference && secrets[reference.name]?.[reference.key];
      if (found === undefined)
        throw new Error(`${name}: there is no secret for it (${JSON.stringify(valueFrom)})`);
      return [name, found];
    }),
  );
}

export const generatedSecrets = (objects: readonly KubernetesObject[]): GivenSecrets =>
  Object.fromEntries(
    objects
      .filter(({ kind }) => kind === 'Secret')
      .map(({ metadata, stringData }) => [metadata.name, stringData as Record<string, string>]),
  );

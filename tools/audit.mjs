#!/usr/bin/env node
// Asks the registry whether a dependency that ships has a known vulnerability of level high or critical. Where the
// registry does not answer that question (a mirror, or no network at all), it says so and is skipped.
import { spawnSync } from 'node:child_process';
import { invokedDirectly } from './invoked-directly.mjs';
import { projectRoot } from './project-root.mjs';

const LIMIT_MS = 60_000;
const SERIOUS = ['high', 'critical'];

/** Advisories that do not concern us, by their address, each with why. */
const ACCEPTED = {};

/**
 * What the report of `npm audit --json` amounts to.
 * @returns {{ skipped: string } | { findings: string[] }}
 */
export function judgeAudit(text, accepted = ACCEPTED) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return { skipped: 'npm audit gave no report' };
  }
  if (!report?.vulnerabilities) {
    const why = report?.message ?? report?.error?.summary;
    return { skipped: `the registry does not answer: ${why || 'no reason given'}` };
  }
  // `via` names an advisory, or the package further down that has one and is listed itself.
  const advisories = Object.values(report.vulnerabilities).flatMap(({ via }) =>
    via.filter((cause) => typeof cause === 'object'),
  );
  const findings = advisories
    .filter(({ severity, url }) => SERIOUS.includes(severity) && !(url in accepted))
    .map(({ name, severity, title, range, url }) => `${name} ${range}: ${severity}: ${title} (${url})`);
  return { findings: [...new Set(findings)] };
}

function audit() {
  const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: projectRoot,
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: 1 << 28,
  });
  const verdict = error ? { skipped: `npm audit cannot be run: ${error.message}` } : judgeAudit(stdout);
  if ('skipped' in verdict) return console.log(`SKIPPED: dependencies are not audited: ${verdict.skipped}`);
  for (const finding of verdict.findings) console.error(finding);
  if (verdict.findings.length > 0) process.exitCode = 1;
  else console.log('no dependency that ships has a known serious vulnerability');
}

if (invokedDirectly(import.meta.url)) audit();

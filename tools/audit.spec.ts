import { describe, expect, it } from '@jest/globals';

// Plain JavaScript, which has no types to import.
type Judge = (
  text: string,
  accepted?: Record<string, string>,
) => { skipped: string } | { findings: string[] };
const path = './audit.mjs';
const { judgeAudit } = (await import(path)) as { judgeAudit: Judge };

const url = 'https://github.com/advisories/GHSA-0000-0000-0000';
const advisory = { name: 'left', severity: 'high', title: 'Reads too far', range: '<2.0.0', url };
const report = (via: unknown[]) => JSON.stringify({ vulnerabilities: { left: { name: 'left', via } } });

describe('the audit of dependencies', () => {
  it('finds what is serious, once', () => {
    expect(judgeAudit(report([advisory, advisory, 'right']))).toEqual({
      findings: [`left <2.0.0: high: Reads too far (${url})`],
    });
    expect(judgeAudit(report([{ ...advisory, severity: 'critical' }]))).toMatchObject({
      findings: [expect.stringContaining('critical')],
    });
  });

  it('lets pass what is not, and what was looked at', () => {
    expect(judgeAudit('{"vulnerabilities":{}}')).toEqual({ findings: [] });
    expect(judgeAudit(report([{ ...advisory, severity: 'moderate' }]))).toEqual({ findings: [] });
    expect(judgeAudit(report([advisory]), { [url]: 'left is never given such text' })).toEqual({
      findings: [],
    });
  });

  it('is skipped with a reason where the registry does not answer', () => {
    const refused = JSON.stringify({ message: '405 Method Not Allowed', error: { summary: '' } });
    expect(judgeAudit(refused)).toEqual({ skipped: 'the registry does not answer: 405 Method Not Allowed' });
    for (const text of ['', 'null', '{}', 'ENOTFOUND']) expect(judgeAudit(text)).toHaveProperty('skipped');
  });
});

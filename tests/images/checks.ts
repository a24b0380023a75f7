/** What was found out, a line each. */
const results: boolean[] = [];

export function check(name: string, ok: boolean, detail = ''): void {
  results.push(ok);
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}${detail ? `: ${detail}` : ''}`);
}

export const counted = (): { passed: number; failed: number } => ({
  passed: results.filter(Boolean).length,
  failed: results.filter((ok) => !ok).length,
});

/**
 * Lists every retired word that the project still uses, with what to write instead. Ends with status 1 when there are any.
 *
 *   npm run words [-- PATH…]
 */
import { retiredWordsInProject } from './words/find-retired-words.ts';

const wanted = process.argv.slice(2);
const hits = retiredWordsInProject().filter(
  ({ path }) => wanted.length === 0 || wanted.some((prefix) => path.startsWith(prefix)),
);
for (const { path, line, word, instead } of hits) console.log(`${path}:${line}: ${word} → ${instead}`);
console.log(`${hits.length} retired words`);
if (hits.length > 0) process.exitCode = 1;

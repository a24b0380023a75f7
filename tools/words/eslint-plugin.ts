import { relative, sep } from 'node:path';
import type { Rule } from 'eslint';
import { projectRoot } from '../project-root.mjs';
import { retiredWordsIn } from './find-retired-words.ts';

/** Words that are not used any longer, in identifiers, comments, strings and the file's name. */
const retiredWordsRule: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    messages: { retired: 'Write “{{instead}}” instead of “{{word}}”.' },
    schema: [],
  },
  create: ({ filename, sourceCode, report }) => ({
    Program() {
      const path = relative(projectRoot, filename).split(sep).join('/');
      for (const { line, column, word, instead } of retiredWordsIn(path, sourceCode.text)) {
        report({
          loc: line === 0 ? { line: 1, column: 0 } : { line, column },
          messageId: 'retired',
          data: { word, instead },
        });
      }
    },
  }),
};

export default { rules: { 'retired-words': retiredWordsRule } };

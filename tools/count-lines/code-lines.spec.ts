import { describe, expect, it } from '@jest/globals';
import { codeLines } from './code-lines.ts';

describe('lines of code', () => {
  it.each([
    [
      'a.ts',
      'a blank line and comments',
      '// one\n\n/* two\n   three */\nlet a;\n/** four */\nlet b; // five\n',
      2,
    ],
    ['a.ts', 'an address in a string', "const a = 'https://x';\n", 1],
    ['a.ts', 'a template', 'const a = `\n// one\n\n${b /* two */}\n/* three */`;\n', 4],
    ['a.ts', 'a regular expression', 'const a = /\\/*/;\nlet b;\n/* c */\n', 2],
    ['a.ts', 'brackets', 'if (a) {\n  // b\n}\n', 2],
    ['a.ts', 'a comment inside a call', 'f(\n  // b\n  1,\n);\n', 3],
    ['a.html', 'markup', '<p>// a</p>\n<!-- b\n c -->\n\n<br /> <!-- d -->\n', 2],
    ['a.scss', 'styles', 'a {\n  // b\n  background: url(https://x);\n  content: "/*";\n}\n/* c\n d */\n', 4],
    ['a.lua', 'Lua', "local a = '--'\n-- b\n--[[ c\n d ]]\nlocal e = [[\n--\n]]\n", 4],
    [
      'a.cc',
      'C++',
      "auto a = \"//\";\n// b\nint c = 1'000; /* d\n e */\nint f = 2'000;\nchar g = '\"';\n",
      4,
    ],
    ['a.h', 'a raw string', 'auto a = R"(\n// b\n)";\n', 3],
  ])('%s: %s', (path, _what, text, lines) => {
    expect(codeLines(path, text)).toBe(lines);
  });

  it('are not counted in a language that is not known', () => {
    expect(() => codeLines('a.py', '')).toThrow('a known language');
  });
});

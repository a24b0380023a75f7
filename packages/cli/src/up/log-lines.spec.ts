import { Readable } from 'node:stream';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { eachLine, linePrinter, readable } from './log-lines.ts';

describe('lines of programs', () => {
  it('become sentences where they are log records', () => {
    expect(
      readable(
        '{"level":"info","time":1,"pid":2,"service":"trainer","msg":"epoch ended","trial":3,"loss":0.25}',
      ),
    ).toBe('epoch ended trial=3 loss=0.25');
    expect(readable('{"level":"error","msg":"failed","err":{"stack":"Error: no\\n    at x"}}')).toBe(
      'error: failed err=\nError: no\n    at x',
    );
    expect(readable('{"level":"warn","msg":"slow"}')).toBe('warn: slow');
  });

  it.each(['plain text', '{"no":"message"}', '{ not json', '[1]', '{"level":'])(
    'stay as they are: %s',
    (line) => {
      expect(readable(line)).toBe(line);
    },
  );

  it('carry the name of their program, aligned', () => {
    const written: string[] = [];
    const print = linePrinter((text) => written.push(text));
    print('gateway', 'ready');
    print('orchestrator', 'ready');
    expect(written).toEqual(['gateway      │ ready\n', 'orchestrator │ ready\n']);
  });

  it('are whole, however the stream cuts them', async () => {
    const lines: string[] = [];
    const stream = Readable.from(['on', 'e\ntw', 'o\r\n\n', 'three']);
    eachLine(stream, (line) => lines.push(line));
    await once(stream, 'close');
    expect(lines).toEqual(['one', 'two', 'three']);
  });
});

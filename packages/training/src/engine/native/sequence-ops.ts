/** Embedding, and what takes sequences apart, on TensorFlow's operations. Sequences are [steps, batch, features]. */
import type { SequenceOps, Tensor } from '../engine.ts';
import type { Attributes } from './attributes.ts';
import type { Executor } from './executor.ts';

export function sequenceOps(x: Executor, a: Attributes): SequenceOps {
  const { TF_FLOAT: float, TF_INT32: int } = x.binding;
  const gather = [
    a.type('Tparams', float),
    a.type('Tindices', int),
    a.type('Taxis', int),
    a.integer('batch_dims', 0),
  ];
  const sum = [a.type('T', float), a.type('Tindices', int), a.type('Tnumsegments', int)];
  const reverse = [...a.ofFloats, a.type('Tidx', int)];
  const concat = (p: Tensor, q: Tensor, axis: number) => x.one('ConcatV2', a.concat, p, q, x.integer(axis));
  const part = (p: Tensor, begin: number[], size: number[]) =>
    x.one('Slice', a.slice, p, x.shape(...begin), x.shape(...size));
  return {
    gatherRows: (table, ids) => x.one('GatherV2', gather, table, ids, x.integer(0)),
    gatherRowsGradient: (dy, ids, rows) => x.one('UnsortedSegmentSum', sum, dy, ids, x.integer(rows)),
    reverseTime: (p) => x.one('ReverseV2', reverse, p, x.shape(0)),
    lastStep(p) {
      const [steps, batch, features] = p.shape as [number, number, number];
      const last = part(p, [steps - 1, 0, 0], [1, batch, features]);
      return x.one('Reshape', a.reshape, last, x.shape(batch, features));
    },
    atLastStep(dy, steps) {
      const [batch, features] = dy.shape as [number, number];
      const last = x.one('Reshape', a.reshape, dy, x.shape(1, batch, features));
      return steps === 1 ? last : concat(x.zeros([steps - 1, batch, features]), last, 0);
    },
    joinFeatures: (p, q) => concat(p, q, p.shape.length - 1),
    splitFeatures(joined, first) {
      const lead = joined.shape.slice(0, -1);
      const zero = lead.map(() => 0);
      const rest = joined.shape.at(-1)! - first;
      return [part(joined, [...zero, 0], [...lead, first]), part(joined, [...zero, first], [...lead, rest])];
    },
  };
}

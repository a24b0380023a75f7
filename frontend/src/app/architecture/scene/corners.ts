import { Vector3 } from 'three';
import type { Block } from './blocks.ts';

/** The eight corners of a block. */
export const cornersOf = ({ at, size }: Block): Vector3[] =>
  [-0.5, 0.5].flatMap((i) =>
    [-0.5, 0.5].flatMap((j) =>
      [-0.5, 0.5].map((k) => new Vector3(at.x + i * size.x, at.y + j * size.y, at.z + k * size.z)),
    ),
  );

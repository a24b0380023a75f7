/** Schemas of messages between processes; see `wire.ts`, which needs no zod. */
import * as z from 'zod';

/** The schema of a message: what it doesn't name is kept, for another version may know it. */
export const wireObject = <Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> =>
  // The type says what this version knows; only at run time there may be more.
  z.looseObject(shape) as unknown as z.ZodObject<Shape>;

/**
 * What two sides of a channel ask each other, as types. Each side answers the methods of an interface; a method
 * takes one argument:
 *
 *     interface DrawingMethods {
 *       load(source: Source): string[];
 *       draw(chart: string): DrawnChart;
 *     }
 */
import { isErrorCode, OneginError, type ErrorCode } from '@onegin/contracts';

export type ArgumentOf<Methods, Name extends keyof Methods> = Methods[Name] extends (a: infer A) => unknown
  ? A
  : never;
export type ResultOf<Methods, Name extends keyof Methods> = Methods[Name] extends (a: never) => infer Result
  ? Awaited<Result>
  : never;

/** How a side answers; the signal is aborted when the other side wants the result no more, or has ended. */
export type Handlers<Methods> = {
  readonly [Name in keyof Methods]: (
    argument: ArgumentOf<Methods, Name>,
    signal: AbortSignal,
  ) => ResultOf<Methods, Name> | Promise<ResultOf<Methods, Name>>;
};

/** Between the two sides everything is cloned as `structuredClone` does it: bytes stay bytes. */
export type Message =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly argument: unknown }
  | { readonly type: 'notification'; readonly method: string; readonly argument: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: SentError };

/** What of an error crosses: a clone of it would keep neither its class nor its fields. */
type SentError = Pick<Error, 'message' | 'stack'> &
  Partial<Pick<OneginError, 'code' | 'problems' | 'retryAfterSeconds'>>;

export function sentError(thrown: unknown): SentError {
  const error: SentError = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { code, message, problems, retryAfterSeconds, stack } = error;
  return { code, message, problems, retryAfterSeconds, stack };
}

/** @param otherwise the code where the error has none of ours */
export function receivedError(sent: SentError, otherwise: ErrorCode): OneginError {
  const code = isErrorCode(sent.code) ? sent.code : otherwise;
  const { message, problems = [], retryAfterSeconds: seconds = null } = sent;
  const error = new OneginError(code, message, {
    problems,
    ...(seconds !== null && { retryAfterSeconds: seconds }),
  });
  // Where it was thrown, not where it was received.
  return Object.assign(error, { stack: sent.stack ?? error.stack });
}

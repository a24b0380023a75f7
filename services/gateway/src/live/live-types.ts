import type { Server, Socket } from 'socket.io';
import type { ClientMessages, ServerMessages } from '@onegin/contracts';
import type { Caller } from '../access/caller.ts';

type NoMessages = Record<string, never>;
interface SocketData {
  caller: Caller;
  /** Messages in the current window, which began at `since`, in milliseconds since 1970. */
  messages: { since: number; count: number };
  /** Of the wire, as the client said last; see `watchJob`. */
  version: number;
  /** Jobs this client watches or is about to. */
  jobs: Set<string>;
}

export type LiveIo = Server<ClientMessages, ServerMessages, NoMessages, SocketData>;
export type LiveSocket = Socket<ClientMessages, ServerMessages, NoMessages, SocketData>;

/**
 * How many messages wait to be written to the client. engine.io has no public way to tell a slow client from a fast
 * one.
 */
export const waitingMessages = ({ conn }: LiveSocket): number =>
  (conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;

/** Whether everything sent to the client has left this process. */
export const isDrained = (socket: LiveSocket): boolean =>
  waitingMessages(socket) === 0 && socket.conn.transport.writable;

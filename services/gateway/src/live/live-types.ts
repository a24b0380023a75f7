import type { Server, Socket } from 'socket.io';
import type { ClientMessages, ServerMessages } from '@onegin/contracts';
import type { Caller } from '../access/caller.ts';

type NoMessages = Record<string, never>;
interface SocketData {
  caller: Caller;
  /** How many messages came since when, in milliseconds since 1970. */
  messages: { since: number; count: number };
  /** Jobs this client watches or is about to. */
  jobs: Set<string>;
}

export type LiveIo = Server<ClientMessages, ServerMessages, NoMessages, SocketData>;
export type LiveSocket = Socket<ClientMessages, ServerMessages, NoMessages, SocketData>;

/**
 * How many messages wait to be written to the client. engine.io keeps the list to itself, and offers no other way
 * to tell a slow client from a quick one.
 */
export const waitingMessages = ({ conn }: LiveSocket): number =>
  (conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length;

/** Whether everything that was sent to the client has left this process. */
export const isDrained = (socket: LiveSocket): boolean =>
  waitingMessages(socket) === 0 && socket.conn.transport.writable;

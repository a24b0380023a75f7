import { InjectionToken } from '@angular/core';
import type { ClientMessages, ServerMessages } from '@onegin/contracts';
import { io, type Socket } from 'socket.io-client';

export type LiveSocket = Socket<ServerMessages, ClientMessages>;

/** Makes the connection to the gateway that served this page. */
export const LIVE_SOCKET = new InjectionToken<() => LiveSocket>('live socket', {
  factory: () => () =>
    io({
      transports: ['websocket'],
      withCredentials: true,
      autoConnect: false,
      reconnectionDelay: 300,
      reconnectionDelayMax: 3000,
    }),
});

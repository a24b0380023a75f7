import { inject, InjectionToken } from '@angular/core';
import type { ClientMessages, ServerMessages } from '@onegin/contracts';
import { io, type Socket } from 'socket.io-client';
import { EMBED_CREDENTIALS } from '../api/embed-credentials.ts';

export type LiveSocket = Socket<ServerMessages, ClientMessages>;

/** Makes the connection to the gateway that served this page. */
export const LIVE_SOCKET = new InjectionToken<() => LiveSocket>('live socket', {
  factory: () => {
    const embedded = inject(EMBED_CREDENTIALS);
    return () =>
      io({
        transports: ['websocket'],
        withCredentials: true,
        autoConnect: false,
        reconnectionDelay: 300,
        reconnectionDelayMax: 3000,
        ...(embedded && { auth: embedded.key ? { key: embedded.key } : { jobId: embedded.jobId } }),
      });
  },
});

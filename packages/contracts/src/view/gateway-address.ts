/** Where a gateway is when nobody says otherwise: the gateway listens there, clients look for it there. */
export const DEFAULT_GATEWAY_PORT = 7860;
export const DEFAULT_GATEWAY_URL = `http://127.0.0.1:${DEFAULT_GATEWAY_PORT}`;

/** Whether a server that listens on this host is reached from its own machine only. */
export const isLoopback = (host: string): boolean => /^(?:localhost|::1|127(?:\.\d{1,3}){3})$/.test(host);

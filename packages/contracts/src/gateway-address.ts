/** Where a gateway is when nobody says otherwise: the gateway listens there, clients look for it there. */
export const DEFAULT_GATEWAY_PORT = 7860;
export const DEFAULT_GATEWAY_URL = `http://127.0.0.1:${DEFAULT_GATEWAY_PORT}`;

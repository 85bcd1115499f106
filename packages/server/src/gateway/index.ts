export { encodeFrame } from './frame.ts';
export { Gateway } from './gateway.ts';
export type { GatewayNeeds, GatewayObserver, Principal } from './needs.ts';
export { type SocketSettings, serveSockets } from './socket.ts';
export type { Wire } from './wire.ts';

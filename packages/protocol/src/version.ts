/**
 * Version of the wire protocol. One line of history for each change of a shape.
 *
 * 1  first
 */
export const PROTOCOL_VERSION = 1;
export const SUBPROTOCOL = `roost.v${PROTOCOL_VERSION}`;

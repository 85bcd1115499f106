/** The schemas: for servers and documents. Clients need only the types and the pure functions of the package's root. */
export { downFrame } from './down.ts';
export { memberRow, role } from './entities/member.ts';
export { attachment, messageContent, messageRow, openMessage } from './entities/message.ts';
export { ingestMessage, listDelta, listPage, listQuery, problem, signedIn, signIn } from './rest.ts';
export { upFrame } from './up.ts';

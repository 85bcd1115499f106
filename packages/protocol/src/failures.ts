/** What the receiver of a failure is asked to do. */
export type Remedy = 'retry' | 'sign-in' | 'resync' | 'correct' | 'give-up';

/**
 * The one table of failures: how each is told over HTTP and on the socket, and what it asks for.
 * `close` is the code a socket is closed with, or null where the socket lives on and one `error` frame is sent.
 */
export const failures = {
  'request.malformed': { http: 400, close: null, remedy: 'correct', says: 'The request could not be read.' },
  'request.invalid': {
    http: 422,
    close: null,
    remedy: 'correct',
    says: 'The request has a wrong or missing value.',
  },
  'request.too_big': {
    http: 413,
    close: 4013,
    remedy: 'give-up',
    says: 'That is larger than this server accepts.',
  },
  'request.too_many': { http: 429, close: null, remedy: 'retry', says: 'Too many requests; wait a little.' },
  'request.wrong_type': {
    http: 415,
    close: null,
    remedy: 'correct',
    says: 'That content type is not accepted here.',
  },
  'request.wrong_origin': {
    http: 403,
    close: 4003,
    remedy: 'give-up',
    says: 'Pages of this origin may not connect.',
  },
  'request.repeated': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'That id was used before for something else.',
  },
  'route.unknown': { http: 404, close: null, remedy: 'correct', says: 'There is nothing at this address.' },

  'token.missing': { http: 401, close: 4001, remedy: 'sign-in', says: 'Sign in, or send a token.' },
  'token.invalid': {
    http: 401,
    close: 4002,
    remedy: 'sign-in',
    says: 'The token is not valid, or no longer.',
  },
  'token.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such token.' },
  'session.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such session.' },
  'invitation.unknown': {
    http: 404,
    close: null,
    remedy: 'give-up',
    says: 'This invitation was used already, was taken back, or is too old.',
  },
  'credentials.wrong': {
    http: 401,
    close: null,
    remedy: 'correct',
    says: 'E-mail address or password is wrong.',
  },
  'access.forbidden': { http: 403, close: 4003, remedy: 'give-up', says: 'You may not do this.' },

  'frame.binary': { http: 400, close: 4008, remedy: 'give-up', says: 'Frames are JSON text, never binary.' },
  'frame.malformed': { http: 400, close: 4008, remedy: 'give-up', says: 'The frame is not JSON.' },
  'frame.unknown': { http: 400, close: 4008, remedy: 'correct', says: 'There is no frame of this shape.' },
  'frame.unexpected': {
    http: 400,
    close: 4008,
    remedy: 'correct',
    says: 'This frame is not allowed at this point.',
  },
  'frame.too_many': { http: 429, close: 4009, remedy: 'retry', says: 'Too many frames in too short a time.' },
  'hello.late': { http: 408, close: 4000, remedy: 'retry', says: 'No hello came in time.' },
  'connection.silent': { http: 408, close: 4000, remedy: 'retry', says: 'Nothing was heard for too long.' },
  'connection.too_many': {
    http: 503,
    close: 4009,
    remedy: 'retry',
    says: 'Too many connections; try again later.',
  },

  'channel.unknown': { http: 404, close: null, remedy: 'correct', says: 'There is no channel of this name.' },
  'channel.too_many': {
    http: 429,
    close: null,
    remedy: 'correct',
    says: 'Too many subscriptions on one connection.',
  },
  'filter.invalid': { http: 422, close: null, remedy: 'correct', says: 'The address filter cannot be used.' },
  'cursor.malformed': { http: 400, close: null, remedy: 'resync', says: 'That is not a cursor.' },
  'cursor.unknown': {
    http: 410,
    close: null,
    remedy: 'resync',
    says: 'The log does not know this cursor; start from a snapshot.',
  },

  'message.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such message.' },
  'message.settled': {
    http: 409,
    close: null,
    remedy: 'give-up',
    says: 'There is nothing to decide about this message any more.',
  },
  'message.under_way': {
    http: 409,
    close: null,
    remedy: 'retry',
    says: 'This message is being handed over at this moment; look again shortly.',
  },
  'content.refused': {
    http: 403,
    close: null,
    remedy: 'give-up',
    says: 'What this message names elsewhere may not be fetched.',
  },
  'content.unavailable': {
    http: 502,
    close: null,
    remedy: 'retry',
    says: 'What this message names elsewhere could not be fetched.',
  },
  'attachment.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such attachment.' },
  'address.unknown': {
    http: 404,
    close: null,
    remedy: 'give-up',
    says: 'No inbox takes mail for this address.',
  },
  'address.taken': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'Mail for this address goes elsewhere already.',
  },
  'inbox.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such inbox.' },
  'contact.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such contact.' },
  'contact.taken': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'Another contact has this address already.',
  },
  'conversation.unknown': {
    http: 404,
    close: null,
    remedy: 'give-up',
    says: 'There is no such conversation.',
  },
  'conversation.moved': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'Something was said in this conversation since; read it, then send again.',
  },
  'conversation.window_closed': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'The contact last wrote more than 24 hours ago: only a template may be sent.',
  },
  'upload.unknown': { http: 404, close: null, remedy: 'correct', says: 'There is no such upload.' },
  'rule.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such rule.' },
  'rule.invalid': { http: 422, close: null, remedy: 'correct', says: 'The rule cannot be used.' },
  'mailbox.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such mailbox.' },
  'mailbox.exists': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'There is a mailbox with this name already.',
  },
  'job.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such job.' },
  'label.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such label.' },
  'reply.unknown': {
    http: 404,
    close: null,
    remedy: 'give-up',
    says: 'There is no such canned reply.',
  },
  'reply.exists': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'There is a canned reply with this shortcut already.',
  },
  'webhook.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such webhook.' },
  'delivery.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such delivery.' },
  'member.unknown': { http: 404, close: null, remedy: 'give-up', says: 'There is no such member.' },
  'member.exists': {
    http: 409,
    close: null,
    remedy: 'correct',
    says: 'There is a member with this address already.',
  },

  'provider.failed': {
    http: 502,
    close: null,
    remedy: 'retry',
    says: 'The service behind this inbox did not do what was asked.',
  },

  'sockets.disabled': {
    http: 503,
    close: 1000,
    remedy: 'give-up',
    says: 'Sockets are turned off on this server; poll instead.',
  },
  'server.draining': { http: 503, close: 1012, remedy: 'retry', says: 'The server is restarting.' },
  'server.failed': { http: 500, close: 4000, remedy: 'retry', says: 'Something failed on our side.' },
  'store.unavailable': {
    http: 503,
    close: null,
    remedy: 'retry',
    says: 'The store does not answer; nothing was changed.',
  },
  'store.full': {
    http: 507,
    close: null,
    remedy: 'retry',
    says: 'The disk is full; nothing was changed. Try later.',
  },
} as const satisfies Record<string, { http: number; close: number | null; remedy: Remedy; says: string }>;

export type FailureCode = keyof typeof failures;

/** An outcome with a code from the table. Thrown inside a room, told at its edge. */
export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly code: FailureCode,
    /** The sentence a person reads; the table's own when left out. Never holds a secret. */
    says: string = failures[code].says,
    options?: ErrorOptions & { readonly about?: Readonly<Record<string, unknown>> },
  ) {
    super(says, options);
    this.about = options?.about ?? null;
  }

  /** What whoever is told needs to go on, such as what is new; null where the sentence is all. */
  readonly about: Readonly<Record<string, unknown>> | null;
}

/** What a closed socket asks of its client, by the code it was closed with (design: close codes say what to do). */
export function remedyOfClose(closeCode: number): 'retry' | 'sign-in' | 'stop' {
  switch (closeCode) {
    case 1000:
    case 4003:
    case 4008:
    case 4013:
      return 'stop';
    case 4001:
    case 4002:
      return 'sign-in';
    default:
      return 'retry';
  }
}

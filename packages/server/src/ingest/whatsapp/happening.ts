/** Where in a webhook something stood: the business account and its number, null where it was not said. */
export interface Place {
  readonly account_id: string | null;
  readonly phone_number_id: string | null;
  /** The number people write to, as it is shown. */
  readonly display_phone: string | null;
}

/** An error as the other side tells it. */
export interface Trouble {
  /** Null when it told none. */
  readonly code: number | null;
  readonly title: string;
  readonly details: string;
}

export type MediaKind = 'image' | 'video' | 'audio' | 'voice' | 'document' | 'sticker';

export interface Media {
  /** What it is fetched by; null when it was not said. */
  readonly id: string | null;
  /** As it was said, such as `audio/ogg; codecs=opus`; '' when it was not. */
  readonly content_type: string;
  /** As it was said: base64 or hexadecimal. */
  readonly sha256: string | null;
  readonly filename: string | null;
}

export interface SharedContact {
  readonly name: string;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
}

export interface OrderItem {
  readonly id: string;
  readonly quantity: number | null;
  readonly price: number | null;
  readonly currency: string;
}

/** What a message says. */
export type Content =
  | { readonly kind: 'text'; readonly body: string }
  | { readonly kind: 'media'; readonly as: MediaKind; readonly media: Media; readonly caption: string | null }
  | {
      readonly kind: 'location';
      readonly latitude: number;
      readonly longitude: number;
      readonly name: string | null;
      readonly address: string | null;
    }
  | { readonly kind: 'contacts'; readonly contacts: readonly SharedContact[] }
  /** A button of a template, a reply button, or a row of a list. */
  | {
      readonly kind: 'choice';
      readonly by: 'template button' | 'reply button' | 'list';
      readonly id: string;
      readonly title: string;
      readonly description: string | null;
    }
  /** A form that was filled in; `answer` is JSON text. */
  | { readonly kind: 'form'; readonly name: string; readonly body: string; readonly answer: string }
  /** `emoji` is null when a reaction was taken back. */
  | { readonly kind: 'reaction'; readonly to: string; readonly emoji: string | null }
  | {
      readonly kind: 'order';
      readonly catalog_id: string;
      readonly text: string | null;
      readonly items: readonly OrderItem[];
    }
  /** A word of the platform's own: somebody has a new number, a security code changed, a chat was opened. */
  | {
      readonly kind: 'system';
      readonly type: string;
      readonly body: string;
      readonly new_wa_id: string | null;
    }
  /** The sender has changed, or taken back, an earlier message. */
  | { readonly kind: 'edited'; readonly of: string; readonly body: string }
  | { readonly kind: 'revoked'; readonly of: string }
  /** The platform itself cannot hand it over. */
  | { readonly kind: 'unsupported'; readonly type: string | null }
  /** This version does not know it; `raw` is its JSON, cut. */
  | { readonly kind: 'unknown'; readonly type: string | null; readonly raw: string };

/** The advertisement or post through which somebody began to write. */
export interface Referral {
  readonly source_url: string | null;
  readonly source_type: string | null;
  readonly headline: string | null;
  readonly body: string | null;
}

export interface MessageHappening extends Place {
  readonly what: 'message';
  /** The platform's id of the message. */
  readonly id: string;
  /** Digits without a plus; null for somebody who shows only their user id. */
  readonly from: string | null;
  /** Names a person to this business alone, such as `US.13491208655302741918`; null in older versions. */
  readonly user_id: string | null;
  /** As they call themselves; '' when it was not said. */
  readonly name: string;
  readonly username: string | null;
  /** ms since 1970 UTC; null when it was not said. */
  readonly at: number | null;
  /** Null for a chat of two. */
  readonly group_id: string | null;
  /** The platform's id of the message this one answers. */
  readonly reply_to: string | null;
  readonly forwarded: boolean;
  readonly content: Content;
  readonly referral: Referral | null;
  readonly errors: readonly Trouble[];
}

/** Something that we, or somebody else with our number, sent: how far it has got. */
export interface StatusHappening extends Place {
  readonly what: 'status';
  /** The platform's id of the message. */
  readonly id: string;
  readonly status: 'sent' | 'delivered' | 'read' | 'failed';
  /** ms since 1970 UTC; null when it was not said. */
  readonly at: number | null;
  readonly recipient: string | null;
  readonly errors: readonly Trouble[];
  /** What we gave with it when we sent it: our own id of the message. */
  readonly our_id: string | null;
}

/** Something is wrong with the account, the app or a request, and not with one message. */
export interface ErrorHappening extends Place {
  readonly what: 'error';
  readonly error: Trouble;
}

/** A template was approved, refused, paused or deleted. */
export interface TemplateHappening extends Place {
  readonly what: 'template';
  readonly id: string | null;
  readonly name: string | null;
  readonly language: string | null;
  /** Upper case, such as `APPROVED`; null where something else than its status changed. */
  readonly status: string | null;
  readonly reason: string | null;
}

/** News of the account or of a number: quality, limits, review. `raw` is its JSON, cut. */
export interface NoticeHappening extends Place {
  readonly what: 'notice';
  readonly field: string;
  readonly raw: string;
}

/** What this version does not understand. `raw` is its JSON, cut, so that nothing is lost without a trace. */
export interface UnknownHappening extends Place {
  readonly what: 'unknown';
  readonly says: string;
  readonly raw: string;
}

export type Happening =
  | MessageHappening
  | StatusHappening
  | ErrorHappening
  | TemplateHappening
  | NoticeHappening
  | UnknownHappening;

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type OrgId = Id<'org'>;
export type UserId = Id<'user'>;
export type InboxId = Id<'inbox'>;
export type MessageId = Id<'message'>;

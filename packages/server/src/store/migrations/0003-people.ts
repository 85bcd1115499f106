import { sql } from 'kysely';
import { forDialect } from './for-dialect.ts';
import type { Step } from './step.ts';

const statements = [
  // What refresh keys are made from; keys handed out before there were generations open nothing any more.
  `alter table session rename column secret_hash to seed`,
  `alter table session add column kind text not null default 'password'`,
  `alter table session add column generation bigint not null default 0`,
  `alter table session add column rotated_at bigint not null default 0`,
  `alter table session add column last_used_at bigint not null default 0`,
  `alter table session add column user_agent text not null default ''`,
  `alter table session add column ip text not null default ''`,
  `create index session_of_person on session (user_id, org)`,
  `alter table api_token add column last_used_at bigint not null default 0`,
  `alter table api_token add column expires_at bigint`,
  `create index api_token_of_person on api_token (user_id, org)`,
  `create index member_of_person on member (id)`,
  `create table invitation (org text not null, id text not null, hash text not null unique, email text not null,
     name text not null, role text not null, inbox_ids text not null, invited_by text, created_at bigint not null,
     expires_at bigint not null, primary key (org, id))`,
  `create unique index invitation_of_address on invitation (org, email)`,
  `create table host_access (org text primary key, issuer text not null, audience text not null, secret text,
     jwks_url text, role_max text not null)`,
  `create table host_identity (org text not null, external_id text not null, user_id text not null,
     owns_person bigint not null, refused_before bigint not null, primary key (org, external_id))`,
  `create index host_identity_of_member on host_identity (org, user_id)`,
  `alter table audit add column id text not null default ''`,
  `alter table audit add column user_id text`,
  `alter table audit add column detail text not null default '{}'`,
];

/** Sessions that can be told apart and renewed, invitations, people whom a host application vouches for. */
export const people: Step = async (db, dialect) => {
  for (const statement of statements) await sql.raw(forDialect(statement, dialect)).execute(db);
};

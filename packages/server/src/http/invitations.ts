import { role, signedIn } from '@roost/protocol/schema';
import { z } from 'zod';
import { readInput } from '../commands/index.ts';
import { commands, queries } from '../domain/index.ts';
import { bearerToken } from './caller.ts';
import type { HttpNeeds } from './needs.ts';
import { clientOf, isoTime, SessionDoor } from './opened.ts';
import { newPasswordText, PASSWORD_MAX_CHARS } from './password.ts';
import { idParam, type Route, route } from './route.ts';

const secret = z.string().min(1).max(200);
const invited = z.object({
  email: z.email().max(320),
  name: z.string().trim().max(200).default(''),
  role,
  inbox_ids: z
    .array(z.string().max(64))
    .max(200)
    .default([])
    .describe('Inboxes with members of their own that they are to be in.'),
});
const listed = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  inbox_ids: z.array(z.string()),
  invited_by: z.string().nullable().describe('User id; null for the command line.'),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
const made = z.object({
  id: z.string(),
  invitation: z.string().describe('The secret of the link. It is told this once.'),
  path: z.string().describe('Where the link leads on this server.'),
  expires_at: z.iso.datetime(),
});
const offer = z.object({
  org_id: z.string(),
  organisation: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  expires_at: z.iso.datetime(),
  needs: z
    .enum(['password', 'sign-in'])
    .describe('Whether to choose a password, or to prove the account that this address has here.'),
});
const acceptance = z.object({
  invitation: secret,
  name: z.string().trim().max(200).default(''),
  password: z
    .string()
    .max(PASSWORD_MAX_CHARS)
    .optional()
    .describe('Chosen by somebody new; of the account, by who has one. Left out by who is signed in.'),
});

/** Links by which somebody becomes a member. */
export function invitationRoutes(
  { bus, gate, invitations, origins }: HttpNeeds,
  isHttpsOutside: boolean,
): Route[] {
  const door = new SessionDoor(origins, isHttpsOutside);
  const { admit } = door;
  return [
    route({
      method: 'GET',
      path: '/api/v1/invitations',
      tag: 'Members',
      summary: 'Open invitations',
      may: queries.listInvitations.may,
      answers: { 200: z.object({ rows: z.array(listed) }) },
      errors: [],
      async handle({ caller: { org, actor } }) {
        const found = await bus.query(queries.listInvitations, { org, actor, input: {} });
        const rows = found.map(({ created_at, expires_at, ...one }) => ({
          ...one,
          created_at: isoTime(created_at),
          expires_at: isoTime(expires_at),
        }));
        return { rows };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/invitations',
      tag: 'Members',
      summary: 'Invite somebody',
      description: `Makes a link that works once, for fourteen days. A second invitation to an address takes the place
of the first. Only owners make owners.`,
      may: commands.inviteMember.may,
      body: invited,
      answers: { 201: made },
      errors: ['member.exists', 'inbox.unknown'],
      // The answer holds a secret, which is remembered nowhere: the same again makes another link.
      write: false,
      async handle({ caller, body, reply }) {
        const { id, secret, expires_at } = await invitations.invite(caller, body);
        reply.header('cache-control', 'no-store');
        return {
          id,
          invitation: secret,
          path: `/join#invitation=${secret}`,
          expires_at: isoTime(expires_at),
        };
      },
    }),

    route({
      method: 'DELETE',
      path: '/api/v1/invitations/:id',
      tag: 'Members',
      summary: 'Take an invitation back',
      may: commands.revokeInvitation.may,
      params: idParam,
      answers: { 204: null },
      errors: ['invitation.unknown'],
      write: false,
      async handle({ caller: { org, actor }, params }) {
        await bus.execute(commands.revokeInvitation, { org, actor, input: { invitation_id: params.id } });
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/invitations/open',
      tag: 'Members',
      summary: 'See what an invitation offers',
      description: 'Changes nothing. The secret travels in the body, which nobody logs.',
      may: 'anyone',
      body: z.object({ invitation: secret }),
      answers: { 200: offer },
      errors: ['invitation.unknown'],
      write: false,
      async handle({ body, request }) {
        const { expires_at, ...offered } = await invitations.offer(body.invitation, clientOf(request));
        return { ...offered, expires_at: isoTime(expires_at) };
      },
    }),

    route({
      method: 'POST',
      path: '/api/v1/invitations/accept',
      tag: 'Members',
      summary: 'Accept an invitation',
      description: `Answers as signing in does. Who has an account with this address gives its password, or asks with
an access token of theirs.`,
      may: 'anyone',
      body: acceptance,
      answers: { 200: signedIn },
      errors: [
        'request.wrong_origin',
        'invitation.unknown',
        'credentials.wrong',
        'member.exists',
        'token.invalid',
      ],
      write: false,
      admit,
      async handle({ body, request, reply }) {
        const client = clientOf(request);
        const token = bearerToken(request);
        const person = token === null ? null : await gate.authenticate(token);
        const { needs } = await invitations.offer(body.invitation, client);
        const password = body.password ?? null;
        if (needs === 'password') readInput(newPasswordText, password);
        const session = await invitations.accept(
          { secret: body.invitation, name: body.name, password, person },
          client,
        );
        return door.opened(request, reply, session);
      },
    }),
  ];
}

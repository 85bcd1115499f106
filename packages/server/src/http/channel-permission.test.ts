import { channelWords, Failure, type Role } from '@roost/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Hub, Identity } from '../sync/index.ts';
import { anotherOrganisation, type Person, Place } from './testing/place.ts';
import { openWorld, type World } from './testing/world.ts';

const ROLES: readonly Role[] = ['owner', 'admin', 'agent', 'viewer'];

interface Entry {
  readonly who: 'members' | 'admins';
  /** What is named after the colon; makes something that the channel shows where it names nothing. */
  of(place: Place): Promise<string>;
  /** Shows the same to everybody in the organisation, whatever inbox it has to do with. */
  readonly isShared?: true;
}

const members = (of: Entry['of']): Entry => ({ who: 'members', of });
const admins = (of: Entry['of']): Entry => ({ who: 'admins', of });
const shared = (of: Entry['of']): Entry => ({ who: 'members', of, isShared: true });
const nothing = async () => '';
const idOf = async ({ id }: { readonly id: string }) => id;

/** Who may open each channel, and of what. A channel that is missing here fails. */
const channelTable: Readonly<Record<string, Entry>> = {
  inbox: members((place) => place.message()),
  me: shared(nothing),
  conversations: members(async (place) => idOf(await place.conversation())),
  unread: members(async (place) => idOf(await place.conversation())),
  direct: members(nothing),
  members: shared(nothing),
  inboxes: members(nothing),
  labels: shared(nothing),
  canned_replies: shared(nothing),
  templates: members(nothing),
  // Contacts belong to the organisation (docs/decisions/0014).
  contacts: shared(nothing),
  policies: admins(nothing),
  quarantine: admins((place) => place.quarantined()),
  jobs: members(nothing),
  'message:': members((place) => place.message()),
  'conversation:': members(async (place) => idOf(await place.conversation())),
  'thread:': members(async (place) => idOf(await place.conversation())),
  'reads:': members(async (place) => idOf(await place.conversation())),
  'contact:': shared((place) => place.contact()),
  'mailboxes:': members(async ({ inboxId }) => inboxId),
  'messages:': members(async (place) => (await place.mailbox()).mailbox),
  'filters:': members(async (place) => {
    await place.filter();
    return place.inboxId;
  }),
  'settings:': members(async ({ inboxId }) => inboxId),
  'autoreply:': members(async ({ inboxId }) => inboxId),
  'policy-rules:': admins(async () => 'desk.example'),
};

let world: World;
let here: Place;
let kept: Place;
let there: Place;
beforeAll(async () => {
  world = await openWorld();
  const owner = { org: world.org, ownerId: world.ownerId };
  here = await Place.open(world, owner, 'everyone');
  kept = await Place.open(world, owner, 'members');
  there = await Place.open(world, await anotherOrganisation(world), 'everyone');
});
afterAll(() => world.close());

test('every channel is in the table', () => {
  const known = [...channelWords.alone, ...channelWords.ofOne.map((word) => `${word}:`)];
  expect(Object.keys(channelTable).sort()).toEqual(known.sort());
});

describe.each(Object.entries(channelTable))('%s', (word, entry) => {
  const channelOf = async (place: Place) => {
    const subject = await entry.of(place);
    return word.endsWith(':') ? `${word}${subject}` : word;
  };

  test.each(ROLES)('as %s', async (role) => {
    const opened = await open(world.hub, await here.person(role), await channelOf(here));
    const may = entry.who === 'members' || role === 'owner' || role === 'admin';
    expect(opened.outcome).toBe(may ? 'allowed' : 'forbidden');
  });

  test('as owner of another organisation, nothing of ours', async () => {
    const channel = await channelOf(here);
    const { outcome, text } = await open(world.hub, await there.person('owner'), channel);
    expect(['allowed', 'unknown']).toContain(outcome);
    expect(text).not.toContain(here.marker);
  });

  if (!entry.isShared)
    test('as an agent, nothing of an inbox that is kept from them', async () => {
      const channel = await channelOf(kept);
      const { outcome, text } = await open(world.hub, await kept.person('agent'), channel);
      const expected = entry.who === 'admins' ? ['forbidden'] : ['allowed', 'unknown'];
      expect(expected).toContain(outcome);
      expect(text).not.toContain(kept.marker);
      expect(text).not.toContain(kept.inboxId);
    });

  if (!entry.isShared && entry.who === 'members')
    test('as an admin, what is kept from agents', async () => {
      const channel = await channelOf(kept);
      expect((await open(world.hub, await kept.person('admin'), channel)).outcome).toBe('allowed');
    });
});

/** Opens a channel the two ways there are: its rows, and what happened to it since. */
async function open(
  hub: Hub,
  { org, userId }: Person,
  channel: string,
): Promise<{ outcome: 'allowed' | 'forbidden' | 'unknown'; text: string }> {
  const reader: Identity = {
    org,
    user_id: userId,
    actor: { kind: 'member', user_id: userId, session_id: '' },
  };
  try {
    const page = await hub.page(reader, channel, {}, { before: null, limit: 200 });
    const since = await hub.since(reader, channel, {}, page.cursor);
    expect(since.kind).toBe('unchanged');
    return { outcome: 'allowed', text: page.rows.join('\n') };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { outcome: error.code === 'access.forbidden' ? 'forbidden' : 'unknown', text: '' };
  }
}

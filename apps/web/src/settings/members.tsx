import type { MemberRow, Role } from '@roost/protocol';
import { useMe, usePresence } from '@roost/react';
import { useState } from 'react';
import { useDirectory } from '../conversations/use-directory.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { MoreIcon, PlusIcon } from '../ui/icons.tsx';
import { Menu, MenuCheck, MenuDivider, MenuItem, MenuLabel } from '../ui/menu.tsx';
import { Invitations } from './invitations.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { givenBy, roleWords } from './roles.ts';
import { RowItem, Rows, Section } from './section.tsx';
import { useWrite } from './use-write.ts';

/** Who is in the organisation, and as what. */
export function MembersSettings() {
  const { members } = useDirectory();
  const role = useMe()?.role;
  const present = usePresence();
  const [isInviting, setInviting] = useState(false);
  const [round, setRound] = useState(0);
  const isAdmin = role === 'owner' || role === 'admin';
  const sorted = [...members].sort(
    (a, b) => Number(b.active) - Number(a.active) || (a.name || a.email).localeCompare(b.name || b.email),
  );
  return (
    <>
      <Section
        action={
          isAdmin && (
            <Button look="primary" onClick={() => setInviting(true)}>
              <PlusIcon /> Invite
            </Button>
          )
        }
        text="Everybody sees every inbox, except those that are only for their members."
      >
        <Rows>
          {sorted.map((member) => (
            <Member
              key={member.id}
              member={member}
              isHere={present.some(({ user_id }) => user_id === member.id)}
              isAdmin={isAdmin}
            />
          ))}
        </Rows>
      </Section>
      {isAdmin && <Invitations key={round} />}
      {isInviting && (
        <InviteDialog
          onClose={() => {
            setInviting(false);
            setRound(round + 1);
          }}
        />
      )}
    </>
  );
}

function Member({ member, isHere, isAdmin }: { member: MemberRow; isHere: boolean; isAdmin: boolean }) {
  const me = useMe();
  const { id, name, email, role, active } = member;
  const mayChange = isAdmin && id !== me?.id && (role !== 'owner' || me?.role === 'owner');
  return (
    <RowItem>
      <span className={`relative ${active ? '' : 'opacity-50'}`}>
        <Avatar name={name || email} />
        {isHere && (
          <span
            title="Here now"
            className="absolute right-0 bottom-0 size-2.5 rounded-full bg-good ring-2 ring-surface"
          />
        )}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">
          {name || email} {id === me?.id && <span className="font-normal text-ink-3">(you)</span>}
          {isHere && <span className="sr-only">, here now</span>}
        </span>
        <span className="block truncate text-[0.8125rem] text-ink-3">{email}</span>
      </span>
      <span className="text-[0.8125rem] text-ink-2">{active ? roleWords[role][0] : 'Deactivated'}</span>
      {mayChange && <MemberMenu member={member} myRole={me?.role ?? 'viewer'} />}
    </RowItem>
  );
}

function MemberMenu({ member, myRole }: { member: MemberRow; myRole: Role }) {
  const write = useWrite();
  const path = `/api/v1/members/${member.id}`;
  const who = member.name || member.email;
  return (
    <Menu
      label={`Change ${who}`}
      trigger={
        <Button look="quiet" className="px-2" aria-label={`Change ${who}`}>
          <MoreIcon />
        </Button>
      }
    >
      <MenuLabel>Role</MenuLabel>
      {givenBy(myRole).map((role) => (
        <MenuCheck
          key={role}
          isOn={role === member.role}
          onToggle={() =>
            void write('PATCH', path, { role }, `${who} is ${roleWords[role][0].toLowerCase()} now.`)
          }
        >
          {roleWords[role][0]}
        </MenuCheck>
      ))}
      <MenuDivider />
      <MenuItem
        isBad={member.active}
        onSelect={() =>
          void write(
            'PATCH',
            path,
            { active: !member.active },
            member.active ? `${who} can no longer sign in.` : `${who} can sign in again.`,
          )
        }
      >
        {member.active ? 'Deactivate' : 'Activate again'}
      </MenuItem>
    </Menu>
  );
}

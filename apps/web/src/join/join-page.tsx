import type { Role } from '@roost/protocol';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { useSession } from '../session/session-context.tsx';
import { roleWords } from '../settings/roles.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Logo } from '../ui/logo.tsx';
import { Notice } from '../ui/notice.tsx';
import { invitationIn } from './invitation-in.ts';

interface Offer {
  readonly organisation: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly needs: 'password' | 'sign-in';
}

/** Takes up an invitation: who is new chooses a password, who has an account here gives it. */
export function JoinPage() {
  const session = useSession();
  const navigate = useNavigate();
  const [invitation] = useState(() => invitationIn(window.location.hash));
  const [offer, setOffer] = useState<Offer | null>(null);
  const [problem, setProblem] = useState<string | null>(
    invitation === null ? 'The link is not complete. Ask for it again, or copy all of it.' : null,
  );
  const [isBusy, setBusy] = useState(false);

  useEffect(() => {
    if (invitation === null) return;
    let isOver = false;
    session
      .openInvitation<Offer>(invitation)
      .then((found) => !isOver && setOffer(found))
      .catch((error: Error) => !isOver && setProblem(error.message));
    return () => {
      isOver = true;
    };
  }, [session, invitation]);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (invitation === null) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      const name = String(form.get('name') ?? '').trim();
      await session.acceptInvitation({ invitation, name, password: String(form.get('password')) });
      await navigate({ to: '/', replace: true });
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  };

  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[14vh] pb-8">
      <title>Join · Roost</title>
      <div className="w-full max-w-[22rem]">
        <div className="mb-8 flex flex-col items-center gap-3 text-center">
          <Logo size={44} />
          <h1 className="font-semibold text-xl tracking-tight">
            {offer ? `Join ${offer.organisation}` : 'An invitation'}
          </h1>
          {offer && (
            <p className="text-ink-2">
              You were invited as {roleWords[offer.role][0].toLowerCase()}, with the address{' '}
              <strong className="font-medium">{offer.email}</strong>.
            </p>
          )}
        </div>
        <div className="mb-4 empty:hidden">{problem !== null && <Notice tone="bad">{problem}</Notice>}</div>
        {offer === null && problem === null && (
          <p role="status" className="text-center text-ink-3">
            Looking at the invitation…
          </p>
        )}
        {offer && (
          <form onSubmit={submit}>
            <input type="hidden" name="email" autoComplete="username" value={offer.email} readOnly />
            {offer.needs === 'password' ? (
              <>
                <Field
                  label="Your name"
                  name="name"
                  defaultValue={offer.name}
                  required
                  maxLength={200}
                  autoComplete="name"
                />
                <Field
                  label="Choose a password"
                  hint="At least 10 characters."
                  name="password"
                  type="password"
                  autoComplete="new-password"
                  minLength={10}
                  maxLength={1024}
                  required
                />
              </>
            ) : (
              <Field
                label="Your password"
                hint="Of the account that this address has here already."
                name="password"
                type="password"
                autoComplete="current-password"
                maxLength={1024}
                required
              />
            )}
            <Button look="primary" type="submit" disabled={isBusy} className="mt-2 h-10 w-full">
              {isBusy ? 'Joining…' : 'Join'}
            </Button>
          </form>
        )}
      </div>
    </main>
  );
}

import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Logo } from '../ui/logo.tsx';
import { Notice } from '../ui/notice.tsx';
import { takeLinkToken } from './link-token.ts';
import { RequestProblem } from './problem.ts';
import { linkSentence, signInSentence } from './sentences.ts';
import { useSession, useSessionState } from './session-context.tsx';

export function SignInPage() {
  const session = useSession();
  const state = useSessionState();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const attempt = async (signIn: () => Promise<void>, sentenceOf: (problem: RequestProblem) => string) => {
    setBusy(true);
    setProblem(null);
    try {
      await signIn();
    } catch (error) {
      if (!(error instanceof RequestProblem)) throw error;
      setProblem(sentenceOf(error));
    } finally {
      setBusy(false);
    }
  };

  // A link that is pasted while this page is open changes only the fragment, and nothing is loaded anew.
  useEffect(() => {
    const follow = () => {
      const link = takeLinkToken(window);
      if (link) void attempt(() => session.signInByLink(link), linkSentence);
    };
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  });

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [email, password] = [String(form.get('email')).trim(), String(form.get('password'))];
    void attempt(() => session.signIn(email, password), signInSentence);
  };

  const notice = state.kind === 'signed-out' ? state.notice : null;
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[16vh] pb-8">
      <title>Sign in · Roost</title>
      <div className="w-full max-w-[22rem]">
        <div className="mb-8 flex flex-col items-center gap-3">
          <Logo size={44} />
          <h1 className="font-semibold text-xl tracking-tight">Sign in to Roost</h1>
        </div>
        <div className="mb-4 empty:hidden">
          {problem !== null ? (
            <Notice tone="bad">{problem}</Notice>
          ) : (
            notice !== null && <Notice tone="warn">{notice}</Notice>
          )}
        </div>
        <form onSubmit={submit}>
          <Field label="E-mail" name="email" type="email" autoComplete="username" required autoFocus />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={1024}
          />
          <Button look="primary" type="submit" disabled={isBusy} className="mt-2 h-10 w-full">
            {isBusy ? 'Signing in…' : 'Sign in'}
          </Button>
        </form>
        <p className="mt-6 text-center text-[0.8125rem] text-ink-3">
          First time here? Open the one-time link that the server printed when it started.
        </p>
      </div>
    </main>
  );
}

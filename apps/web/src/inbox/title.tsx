import { useUnreadMail } from '@roost/react';
import { titleOf } from './unread.ts';

export function Title({ of }: { of: string }) {
  return <title>{titleOf(of, useUnreadMail())}</title>;
}

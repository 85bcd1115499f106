import { access, constants, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { diskState } from '../../parts.ts';
import { type Finding, within } from './finding.ts';

const ANSWER_MAX_MS = 3_000;
const STATES = { ok: 'ok', degraded: 'warn', failed: 'fail' } as const;

/** The data folder, or the one it will be made in, can be written to and has room. */
export function checkDisk(folder: string): Promise<Finding> {
  const what = 'data folder';
  return within(ANSWER_MAX_MS, what, async () => {
    const existing = await nearestExisting(folder);
    if (!(await stat(existing)).isDirectory()) {
      return { state: 'fail', what, says: `${existing} is not a folder.` };
    }
    try {
      await access(existing, constants.W_OK | constants.X_OK);
    } catch {
      return { state: 'fail', what, says: `This account may not write to ${existing}.` };
    }
    const { bavail, bsize } = await statfs(existing);
    const { state, says } = diskState(bavail * bsize);
    const made = existing === folder ? 'It can be written to.' : 'It will be made at the first start.';
    return { state: STATES[state], what, says: `${made} ${says}` };
  });
}

async function nearestExisting(folder: string): Promise<string> {
  try {
    await stat(folder);
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error;
    return nearestExisting(dirname(folder));
  }
}

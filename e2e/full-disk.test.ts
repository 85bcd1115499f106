import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sendMail } from './world/mail.ts';
import { startRoost, storedSubjects } from './world/roost.ts';

const DISK_MIB = 24;

/** A small disk of our own, or null where the machine lets us have none. */
function smallDisk(): { path: string; remove(): void } | null {
  const path = mkdtempSync(join(tmpdir(), 'roost-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'tmpfs', path], { stdio: 'ignore' });
    return {
      path,
      remove() {
        execFileSync('umount', ['-l', path], { stdio: 'ignore' });
        rmSync(path, { recursive: true, force: true });
      },
    };
  } catch {
    rmSync(path, { recursive: true, force: true });
    return null;
  }
}

describe('a full disk', () => {
  test('[W2] mail is asked to come later, nothing acknowledged is lost, health says why, and it recovers', async (context) => {
    const disk = smallDisk();
    if (!disk) return context.skip('this machine lets us mount no disk of our own');
    const roost = await startRoost({ ROOST_DATA: join(disk.path, 'data') });
    try {
      const taken: string[] = [];
      const ballast = join(disk.path, 'ballast');
      await sendMail(roost.smtpPort, { subject: 'Before' });
      taken.push('Before');
      writeFileSync(ballast, Buffer.alloc(1 << 20));
      let refusal: { responseCode?: number } | null = null;
      for (let at = 0; at < 400 && !refusal; at += 1) {
        try {
          await sendMail(roost.smtpPort, { subject: `Filling ${at}`, text: `${'x'.repeat(400_000)}${at}` });
          taken.push(`Filling ${at}`);
        } catch (error) {
          refusal = error as { responseCode?: number };
        }
      }
      expect(refusal?.responseCode).toBeGreaterThanOrEqual(400);
      expect(refusal?.responseCode).toBeLessThan(500);
      const ready = await fetch(`${roost.url}/readyz`);
      expect(ready.status).toBe(503);
      expect(await ready.text()).toMatch(/disk/i);
      rmSync(ballast);
      await sendMail(roost.smtpPort, { subject: 'After' });
      taken.push('After');
      expect((await storedSubjects(roost)).reverse()).toEqual(taken);
    } finally {
      await roost.remove();
      disk.remove();
    }
  });
});

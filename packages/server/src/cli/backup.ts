import { parseArgs } from 'node:util';
import { backup as makeBackup } from '../backup/index.ts';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config.ts';
import { blobFolder, openDatabase } from '../open-store.ts';
import { openBlobs } from '../store/blobs/index.ts';
import { VERSION } from '../version.ts';
import { type CliCommand, exits, UsageError } from './command.ts';

export const backup: CliCommand = {
  usage: 'backup FOLDER',
  says: 'Writes everything to a new folder, also beside a running server.',
  async run(args, { env, out, err }) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError('Name one new folder.');
    const config = readConfig(env);
    const database = await openDatabase(config, { readOnly: true });
    try {
      const blobs = await openBlobs(blobFolder(config));
      const options = { clock: systemClock, version: VERSION, tell: out };
      const { lost } = (await makeBackup(database, blobs, folder, options)).blobs;
      out(`The backup is in ${folder}. It holds all mail and the key of the access tokens: keep it safe.`);
      if (lost === 0) return exits.ok;
      err(`roost: ${lost} blobs that messages name are missing or damaged, and so not in the backup.`);
      return exits.failed;
    } finally {
      await database.close();
    }
  },
};

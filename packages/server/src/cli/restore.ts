import { parseArgs } from 'node:util';
import { restore as fillFrom } from '../backup/index.ts';
import { systemRandom } from '../clock.ts';
import { readConfig } from '../config.ts';
import { blobFolder, openDatabase } from '../open-store.ts';
import { openBlobs } from '../store/blobs/index.ts';
import { type CliCommand, exits, UsageError } from './command.ts';

export const restore: CliCommand = {
  usage: 'restore FOLDER',
  says: 'Fills an empty store, of either kind, from a backup.',
  async run(args, { env, out }) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1) throw new UsageError('Name the folder of a backup.');
    const config = readConfig(env);
    const database = await openDatabase(config);
    try {
      const blobs = await openBlobs(blobFolder(config));
      const { made_at } = await fillFrom(database, blobs, folder, { random: systemRandom, tell: out });
      out(`Everything is as it was at ${made_at}. Start the server.`);
      return exits.ok;
    } finally {
      await database.close();
    }
  },
};

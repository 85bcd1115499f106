import { VERSION } from '../version.ts';
import { type CliCommand, exits } from './command.ts';

export const version: CliCommand = {
  usage: 'version',
  says: 'Prints the version.',
  async run(_args, { out }) {
    out(VERSION);
    return exits.ok;
  },
};

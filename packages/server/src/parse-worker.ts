/** Entry of the thread that reads large mails, one at a time. */
import { parentPort } from 'node:worker_threads';
import { movable, type ToParse } from './ingest/mime/thread-message.ts';
import { parseMail } from './ingest/mime.ts';

const port = parentPort;
if (!port) throw new Error('This file is the entry of a thread and does nothing by itself.');

port.on('message', async ({ source }: ToParse) => {
  const mail = await parseMail(Buffer.from(source.buffer, source.byteOffset, source.byteLength));
  port.postMessage(mail, movable(mail));
});

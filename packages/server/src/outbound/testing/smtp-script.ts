import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a scripted mail server does at one point of a session: answers with these lines, cuts, or says nothing. */
export type Line = string | 'cut' | 'silence';

export interface Script {
  readonly greeting?: Line;
  readonly mail?: Line;
  readonly rcpt?: Line;
  /** Answer to DATA. */
  readonly data?: Line;
  /** After the first bytes of a mail. */
  readonly body?: Line | null;
  /** Answer to the end of a mail. */
  readonly end?: Line;
}

export interface ScriptedServer {
  readonly port: number;
  /** Mails of which the end was seen. */
  readonly endCount: number;
  /** Sessions so far. */
  readonly sessionCount: number;
  /** What the sessions that follow do. */
  play(script: Script): void;
  /** Ends what is open without a word, as servers do with idle sessions. */
  dropSessions(): void;
  close(): Promise<void>;
}

/** A mail server that misbehaves as told. */
export async function openScriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const seen = { ends: 0, sessions: 0 };
  let playing = script;
  const server = createServer((socket) => {
    seen.sessions += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    talk(socket, playing, () => {
      seen.ends += 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get endCount() {
      return seen.ends;
    },
    get sessionCount() {
      return seen.sessions;
    },
    play(next) {
      playing = next;
    },
    dropSessions() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function talk(socket: Socket, script: Script, sawEnd: () => void): void {
  let inMail = false;
  let text = '';
  const say = (line: Line) => {
    if (line === 'cut') socket.destroy();
    else if (line !== 'silence') socket.write(`${line}\r\n`);
  };
  say(script.greeting ?? '220 here');
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      if (inMail) {
        if (script.body) return say(script.body);
        const end = text.indexOf('\r\n.\r\n');
        if (end === -1) return;
        text = text.slice(end + 5);
        inMail = false;
        sawEnd();
        say(script.end ?? '250 taken');
        continue;
      }
      const end = text.indexOf('\r\n');
      if (end === -1) return;
      const command = text.slice(0, end).toUpperCase();
      text = text.slice(end + 2);
      if (command.startsWith('EHLO')) say('250 here');
      else if (command.startsWith('MAIL')) say(script.mail ?? '250 ok');
      else if (command.startsWith('RCPT')) say(script.rcpt ?? '250 ok');
      else if (command === 'DATA') {
        const answer = script.data ?? '354 go on';
        inMail = answer.startsWith('354');
        say(answer);
      } else if (command === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    }
  });
}

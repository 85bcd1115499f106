import { connect, type Socket } from 'node:net';

/** Half of an SMTP conversation, byte by byte. Every wait ends with what is there, or with an error after a while. */
export class SmtpTalk {
  private heard = '';
  private wake = () => {};
  isOver = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      this.heard += bytes.toString();
      this.wake();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isOver = true;
      this.wake();
    });
  }

  /** Connected, and greeted. */
  static async open(port: number): Promise<SmtpTalk> {
    const talk = new SmtpTalk(connect(port, '127.0.0.1'));
    await talk.reply();
    return talk;
  }

  send(bytes: string | Uint8Array): void {
    this.socket.write(bytes);
  }

  /** Sends a line and hears the whole answer to it. */
  async say(line: string | Uint8Array): Promise<string> {
    this.send(Buffer.concat([Buffer.from(line), Buffer.from('\r\n')]));
    return this.reply();
  }

  /** The next whole reply, all of its lines; '' when the server has hung up instead. */
  async reply(): Promise<string> {
    await this.until(() => REPLY.test(this.heard));
    const reply = REPLY.exec(this.heard)?.[0] ?? '';
    this.heard = this.heard.slice(reply.length);
    return reply.trimEnd();
  }

  /** The server closed the connection. */
  async over(): Promise<void> {
    await this.until(() => this.isOver);
    if (!this.isOver) throw new Error('The server keeps the connection open.');
  }

  /** Greets and names sender and recipients, so that DATA may follow. */
  async begin(...recipients: string[]): Promise<void> {
    for (const line of [
      'EHLO test',
      'MAIL FROM:<ann@example.org>',
      ...recipients.map((to) => `RCPT TO:<${to}>`),
    ]) {
      const reply = await this.say(line);
      if (!reply.startsWith('250')) throw new Error(`${line}: ${reply}`);
    }
  }

  leave(): void {
    this.socket.destroy();
  }

  private until(isThere: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.wake = () => {};
        resolve();
      };
      const timer = setTimeout(end, PATIENCE_MS);
      this.wake = () => {
        if (this.isOver || isThere()) end();
      };
      this.wake();
    });
  }
}

const PATIENCE_MS = 8_000;
const REPLY = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/;

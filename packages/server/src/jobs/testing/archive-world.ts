import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobRow, MailboxRow, MessageRow } from '@roost/protocol';
import { systemSecrets } from '../../clock.ts';
import { CommandBus, type Engine, StoreEngine } from '../../commands/index.ts';
import { ManualClock } from '../../commands/testing/manual-clock.ts';
import { type Arrival, commands, queries, registry } from '../../domain/index.ts';
import { asImported } from '../../ingest/imported.ts';
import { mailToArrival } from '../../ingest/mail.ts';
import { parseMail } from '../../ingest/mime.ts';
import { composeStored } from '../../outbound/smtp/compose-stored.ts';
import { type Blobs, openBlobs } from '../../store/blobs/index.ts';
import { JobFiles } from '../../store/job-files.ts';
import { openSqlite } from '../../store/sqlite/sqlite.ts';
import { ExportWorker, ImportWorker, LongWork, PurgeWorker, Retention } from '../index.ts';

const system = { kind: 'system', name: 'test' } as const;
export const org = 'o';

/** A mail as people would find it again: its bytes, and what is known of it. */
export interface Kept {
  readonly source: string;
  readonly folder: string;
  readonly flags: string;
  readonly labels: readonly string[];
  readonly to: readonly string[];
}

/** A store on disk with an inbox, and servers that do long work over it. */
export class ArchiveWorld {
  readonly clock = new ManualClock();
  readonly troubles: string[] = [];
  /** What the store said that no caller should have made it say. */
  readonly unexpected: string[] = [];
  private servers: LongWork[] = [];

  private constructor(
    readonly bus: CommandBus,
    readonly blobs: Blobs,
    readonly files: JobFiles,
    private readonly engine: Engine,
    private readonly folder: string,
    readonly ownerId: string,
    readonly inboxId: string,
  ) {}

  static async open(): Promise<ArchiveWorld> {
    const folder = await mkdtemp(join(tmpdir(), 'roost-archives-'));
    const clock = new ManualClock();
    const engine = new StoreEngine(await openSqlite(join(folder, 'roost.db')), registry, clock, Math.random);
    const unexpected: string[] = [];
    const bus = new CommandBus(
      engine,
      () => 'all',
      () => {},
      (name, detail) => unexpected.push(`${name}: ${detail}`),
    );
    const owner = { owner_email: 'o@x.test', owner_name: '', password_hash: null };
    const founded = await bus.execute(commands.foundOrganisation, {
      org,
      actor: system,
      input: { name: 'x', ...owner },
    });
    const input = { kind: 'mail' as const, address: '*.test' };
    const { result } = await bus.execute(commands.createInbox, { org, actor: system, input });
    const files = await JobFiles.open(join(folder, 'jobs'), () => systemSecrets(8).toString('hex'));
    const blobs = await openBlobs(join(folder, 'blobs'));
    const world = new ArchiveWorld(bus, blobs, files, engine, folder, founded.result.user_id, result.id);
    Object.assign(world, { clock, unexpected });
    return world;
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.bus.idle();
    await this.engine.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Another server over the same store. @param readMail  instead of reading mails as they are */
  server(readMail = (source: Buffer): Promise<Arrival> => this.read(source, [])): LongWork {
    const { bus, files, blobs, clock } = this;
    const importing = new ImportWorker({
      bus,
      files,
      readMail: async (source) => asImported(await readMail(source)),
      mailMaxBytes: 1 << 20,
    });
    const exporting = new ExportWorker({
      bus,
      files,
      blobs,
      compose: ({ row, text }) => composeStored({ ...row, date: row.received_at, text: text ?? row.snippet }),
    });
    const log = {
      info: () => {},
      error: (about: object) => void this.troubles.push(String((about as { err?: unknown }).err)),
    };
    const server = new LongWork(
      { bus, log, holder: systemSecrets(6).toString('hex') },
      { import: importing, export: exporting, purge: new PurgeWorker({ bus }, clock) },
      clock,
    );
    this.servers.push(server);
    return server;
  }

  retention(): Retention {
    const log = { error: (about: object) => void this.troubles.push(JSON.stringify(about)) };
    const ages = { auditDays: 10, droppedDays: 10 };
    return new Retention({ bus: this.bus, files: this.files, log }, this.clock, ages);
  }

  read(source: Buffer, to: readonly string[]): Promise<Arrival> {
    return mailToArrival(source, to, {
      blobs: this.blobs,
      parse: async (bytes) => parseMail(bytes, this.clock),
    });
  }

  async deliver(source: Buffer, to = 'bob@qa.test'): Promise<string> {
    const input = { arrivals: [await this.read(source, [to])] };
    const { result } = await this.bus.execute(commands.acceptMessages, { org, actor: system, input });
    return result[0]?.message_ids[0] as string;
  }

  async inbox(address: string): Promise<string> {
    const input = { kind: 'mail' as const, address };
    return (await this.bus.execute(commands.createInbox, { org, actor: system, input })).result.id;
  }

  /** Uploads a file and begins its import. */
  async import(
    bytes: Buffer,
    some: { inbox_id?: string; mailbox_id?: string; run_rules?: boolean } = {},
  ): Promise<string> {
    const { upload } = await this.files.receive(pieces(bytes), 1 << 30, null);
    const input = { upload, filename: 'old mail', inbox_id: this.inboxId, ...some };
    const actor = { kind: 'member', user_id: this.ownerId, session_id: '' } as const;
    return (await this.bus.execute(commands.beginImport, { org, actor, input })).result.id;
  }

  async export(format: 'mbox' | 'maildir', selection: Parameters<typeof selected>[0]): Promise<string> {
    const actor = { kind: 'member', user_id: this.ownerId, session_id: '' } as const;
    const input = { format, selection: selected(selection) };
    return (await this.bus.execute(commands.beginExport, { org, actor, input })).result.id;
  }

  job(job_id: string): Promise<JobRow> {
    return this.bus.query(queries.findJob, { org, actor: system, input: { job_id } });
  }

  output(jobId: string): Promise<Buffer> {
    return readFile(this.files.outputPath(jobId));
  }

  /** Every mail of an inbox, in the order of their sources. */
  async kept(inboxId = this.inboxId): Promise<Kept[]> {
    const all = await this.rows<MessageRow>('inbox');
    const boxes = await this.rows<MailboxRow>(`mailboxes:${inboxId}`);
    const rows = [...all];
    for (const { id } of boxes) {
      const lying = await this.rows<MessageRow>(`messages:${id}`);
      rows.push(...lying.filter((row) => !rows.some((known) => known.id === row.id)));
    }
    const kept = rows
      .filter((row) => row.inbox_id === inboxId)
      .map(async ({ id, mail, to, kind }): Promise<Kept> => {
        const digest = await this.bus.query(queries.findSource, {
          org,
          actor: system,
          input: { message_id: id },
        });
        const { mailbox_id, seen, flagged, answered, forwarded, draft, labels = [] } = mail ?? {};
        return {
          source: (await this.blobs.get(digest))?.toString('latin1') ?? '',
          folder: boxes.find((box) => box.id === mailbox_id)?.path ?? '',
          flags: [
            seen && 'seen',
            flagged && 'flagged',
            answered && 'answered',
            forwarded && 'forwarded',
            draft && 'draft',
          ]
            .filter((flag) => typeof flag === 'string')
            .join(' '),
          labels,
          to: kind === 'inbound' ? to : [],
        };
      });
    return (await Promise.all(kept)).sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  async rows<Row>(channel: string): Promise<Row[]> {
    const rows: Row[] = [];
    for (let before: string | null = null; ; ) {
      const page: { rows: readonly string[]; next: string | null } = await this.bus.query(queries.readView, {
        org,
        actor: system,
        input: { channel, params: {}, user_id: this.ownerId, before, limit: 200 },
      });
      rows.push(...page.rows.map((row) => JSON.parse(row) as Row));
      if (page.next === null) return rows;
      before = page.next;
    }
  }

  async mailbox(path: string): Promise<MailboxRow> {
    const found = (await this.rows<MailboxRow>(`mailboxes:${this.inboxId}`)).find((row) => row.path === path);
    if (!found) throw new Error(`There is no ${path}`);
    return found;
  }

  writeFile(name: string, bytes: Buffer): Promise<void> {
    return writeFile(join(this.folder, name), bytes);
  }
}

function selected(
  selection: { inbox_id: string } | { mailbox_id: string } | { q: string } | { message_ids: string[] },
) {
  return selection;
}

/** As a socket would bring it: cut anywhere. */
async function* pieces(bytes: Buffer): AsyncGenerator<Buffer> {
  const PIECE = 1_337;
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

import { Failure } from '@roost/protocol';
import type { CommandBus } from '../../commands/index.ts';
import { commands, queries, type WhatsAppNumber } from '../../domain/index.ts';
import { troubleInWords } from '../../whatsapp-trouble.ts';
import { type FileToFetch, senderOf, toArrival } from './arrival.ts';
import type { Happening, MessageHappening, StatusHappening } from './happening.ts';
import { readPayload } from './payload.ts';
import { challengeAnswer, signersOf, type Verification } from './signature.ts';

/** In one command, so that a long webhook holds nobody up. */
const AT_ONCE_MAX = 500;
const system = { kind: 'system', name: 'whatsapp' } as const;

export type Counted = 'stored' | 'repeated' | 'refused' | 'unplaced';

export interface DoorNeeds {
  readonly bus: Pick<CommandBus, 'execute' | 'query'>;
  readonly numbers: {
    /** @param maxAgeMs  how old what is known may be */
    all(maxAgeMs?: number): Promise<readonly WhatsAppNumber[]>;
  };
  readonly counts: { ingested(source: 'whatsapp', outcome: Counted, count?: number): void };
  readonly log: { warn(about: object, says: string): void };
  /** There are files to fetch. */
  onFiles(): void;
}

/** Before somebody is refused, what is known must be this fresh. */
const FRESH_MS = 1_000;

/** What of a webhook is for one inbox. */
interface Parcel {
  readonly number: WhatsAppNumber;
  readonly happenings: Happening[];
}

/** Where the platform's webhooks come in. */
export class WhatsAppDoor {
  constructor(private readonly needs: DoorNeeds) {}

  /** What to answer when the platform asks whether the address is ours. @throws access.forbidden */
  async verify(asked: Verification): Promise<string> {
    for (const maxAgeMs of [undefined, FRESH_MS]) {
      const numbers = await this.needs.numbers.all(maxAgeMs);
      const tokens = numbers.flatMap(({ settings }) => settings?.verify_token ?? []);
      const answer = challengeAnswer(asked, tokens);
      if (answer !== null) return answer;
    }
    throw new Failure('access.forbidden', 'The verify token is none of ours.');
  }

  /**
   * Takes one webhook: resolves once all of it is committed. Again, it changes nothing.
   *
   * @param body  the bytes as they came, which is what was signed
   * @throws access.forbidden  the signature fits none of our apps
   * @throws request.malformed, request.too_big, store.full, store.unavailable  nothing may be acknowledged
   */
  async receive(body: Buffer, signature: string | undefined): Promise<void> {
    const signed = await this.signedNumbers(body, signature);
    const happenings = readPayload(jsonOf(body));
    const { parcels, unplaced } = sort(happenings, signed);
    // One after another: what came in one webhook is told in its order.
    for (const parcel of parcels) await this.take(parcel);
    if (unplaced.length > 0) await this.keep(unplaced, signed);
  }

  /** What came for a number before it had an inbox finds its place. */
  async replay(number: WhatsAppNumber): Promise<void> {
    const { bus } = this.needs;
    const { org, phone_number_id } = number;
    for (;;) {
      const kept = await bus.query(queries.leftoversOfNumber, {
        org,
        actor: system,
        input: { phone_number_id },
      });
      if (kept.length === 0) return;
      await this.take({ number, happenings: kept.map(({ raw }) => JSON.parse(raw) as Happening) });
      const ids = kept.map(({ id }) => id);
      await bus.execute(commands.dropLeftovers, { org, actor: system, input: { ids } });
    }
  }

  /**
   * The numbers whose app has signed the body. What one app signs says nothing of the numbers of another.
   *
   * @throws access.forbidden
   */
  private async signedNumbers(
    body: Buffer,
    signature: string | undefined,
  ): Promise<readonly WhatsAppNumber[]> {
    for (const maxAgeMs of [undefined, FRESH_MS]) {
      const numbers = await this.needs.numbers.all(maxAgeMs);
      const secrets = numbers.flatMap(({ settings }) => settings?.app_secret ?? []);
      const signers = signersOf(body, signature, secrets);
      if (signers.size > 0)
        return numbers.filter(({ settings }) => settings && signers.has(settings.app_secret));
    }
    this.needs.counts.ingested('whatsapp', 'refused');
    throw new Failure('access.forbidden', 'The signature fits none of our apps.');
  }

  private async take({ number, happenings }: Parcel): Promise<void> {
    const messages: MessageHappening[] = [];
    const reactions: MessageHappening[] = [];
    const statuses: StatusHappening[] = [];
    for (const happening of happenings) {
      if (happening.what === 'status') statuses.push(happening);
      else if (happening.what === 'template') await this.tellTemplate(number, happening);
      else if (happening.what === 'message') {
        const { content } = happening;
        if (content.kind === 'reaction') reactions.push(happening);
        else if (content.kind === 'system' && content.new_wa_id !== null)
          await this.move(number, happening, content.new_wa_id);
        else messages.push(happening);
      }
    }
    for (const some of chunks(messages)) await this.takeMessages(number, some);
    const unknown = await this.report(number, statuses, reactions);
    // A reaction to something that is not here is still something that somebody said.
    for (const some of chunks(unknown)) await this.takeMessages(number, some);
  }

  private async takeMessages(
    { org, inbox_id }: WhatsAppNumber,
    some: readonly MessageHappening[],
  ): Promise<void> {
    const { bus, counts, onFiles } = this.needs;
    const messages = some.map((message) => mutable(toArrival(inbox_id, message)));
    const { result } = await bus.execute(commands.receiveWhatsApp, {
      org,
      actor: system,
      input: { messages },
    });
    if (result.message_ids.length > 0) counts.ingested('whatsapp', 'stored', result.message_ids.length);
    if (result.repeated_count > 0) counts.ingested('whatsapp', 'repeated', result.repeated_count);
    if (result.has_files) onFiles();
  }

  /** @returns reactions to messages that are not here */
  private async report(
    { org, inbox_id }: WhatsAppNumber,
    statuses: readonly StatusHappening[],
    reactions: readonly MessageHappening[],
  ): Promise<MessageHappening[]> {
    const unknown: MessageHappening[] = [];
    const told = chunks(statuses);
    const felt = chunks(reactions);
    for (let at = 0; at < Math.max(told.length, felt.length); at += 1) {
      const some = felt[at] ?? [];
      const input = {
        inbox_id,
        statuses: (told[at] ?? []).map(({ id, our_id, status, errors }) => ({
          external_id: id,
          our_id,
          status,
          says: status === 'failed' ? failedInWords(errors) : null,
        })),
        reactions: some.flatMap((message) =>
          message.content.kind === 'reaction'
            ? [{ to: message.content.to, emoji: message.content.emoji, from: senderOf(message).value }]
            : [],
        ),
      };
      const { result } = await this.needs.bus.execute(commands.reportWhatsApp, { org, actor: system, input });
      for (const place of result.unknown_reactions) {
        const reaction = some[place];
        const isTakenBack = reaction?.content.kind === 'reaction' && reaction.content.emoji === null;
        if (reaction && !isTakenBack) unknown.push(reaction);
      }
    }
    return unknown;
  }

  private async move(
    { org, inbox_id }: WhatsAppNumber,
    message: MessageHappening,
    newId: string,
  ): Promise<void> {
    const [from, to] = [senderOf(message), senderOf({ ...message, from: newId })];
    if (from.kind !== 'phone' || !/^\+\d{5,20}$/.test(to.value)) return;
    const input = { inbox_id, from: from.value, to: to.value, external_id: message.id };
    await this.needs.bus.execute(commands.moveWhatsAppNumber, { org, actor: system, input });
  }

  private async tellTemplate(
    { org, inbox_id }: WhatsAppNumber,
    { name, language, status }: Extract<Happening, { what: 'template' }>,
  ): Promise<void> {
    if (name === null || language === null || status === null) return;
    const input = { inbox_id, name, language, status };
    await this.needs.bus.execute(commands.setTemplateStatus, { org, actor: system, input });
  }

  /** Kept by the organisation whose app has signed, and said aloud: somebody has to do something about it. */
  private async keep(unplaced: readonly Happening[], signed: readonly WhatsAppNumber[]): Promise<void> {
    const { bus, counts, log } = this.needs;
    const org = (signed[0] as WhatsAppNumber).org;
    counts.ingested('whatsapp', 'unplaced', unplaced.length);
    for (const some of chunks(unplaced)) {
      const leftovers = some.map((happening) => ({
        phone_number_id: happening.phone_number_id,
        what: happening.what,
        says: inWords(happening),
        raw: JSON.stringify(happening),
      }));
      for (const says of new Set(leftovers.map(({ says }) => says))) log.warn({ org }, says);
      await bus.execute(commands.keepLeftovers, { org, actor: system, input: { leftovers } });
    }
  }
}

/** Sorts by inbox. News of an account goes to each of its numbers; what has no place is told apart. */
function sort(
  happenings: readonly Happening[],
  signed: readonly WhatsAppNumber[],
): { parcels: Parcel[]; unplaced: Happening[] } {
  const parcels = new Map<string, Parcel>();
  const unplaced: Happening[] = [];
  const put = (number: WhatsAppNumber, happening: Happening) => {
    const parcel = parcels.get(number.inbox_id);
    if (parcel) parcel.happenings.push(happening);
    else parcels.set(number.inbox_id, { number, happenings: [happening] });
  };
  for (const happening of happenings) {
    switch (happening.what) {
      case 'message':
      case 'status': {
        const number = signed.find((one) => one.phone_number_id === happening.phone_number_id);
        if (number) put(number, happening);
        else unplaced.push(happening);
        break;
      }
      case 'template': {
        const ofAccount = signed.filter((one) => one.settings?.account_id === happening.account_id);
        for (const number of ofAccount) put(number, happening);
        if (ofAccount.length === 0) unplaced.push(happening);
        break;
      }
      default:
        unplaced.push(happening);
    }
  }
  return { parcels: [...parcels.values()], unplaced };
}

function inWords(happening: Happening): string {
  const number = happening.phone_number_id ?? 'without a number';
  switch (happening.what) {
    case 'message':
    case 'status':
      return `WhatsApp has told of a ${happening.what} for the phone number id ${number}, which no inbox has.`;
    case 'error':
      return `WhatsApp tells of an error: ${troubleInWords(happening.error)}.`;
    case 'template':
      return `WhatsApp has news of the template ${happening.name ?? '?'} of an account that no inbox names.`;
    case 'notice':
      return `WhatsApp has news of the account (${happening.field}).`;
    case 'unknown':
      return `WhatsApp has told something that is not understood. ${happening.says}`;
  }
}

function failedInWords(errors: StatusHappening['errors']): string {
  const [first] = errors;
  return first
    ? `The message was not delivered: ${troubleInWords(first)}.`
    : 'The message was not delivered, and WhatsApp gave no reason.';
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Failure('request.malformed', 'The webhook is no JSON.', { cause });
  }
}

function chunks<T>(all: readonly T[]): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < all.length; at += AT_ONCE_MAX) found.push(all.slice(at, at + AT_ONCE_MAX));
  return found;
}

function mutable({ arrival, files, alias }: ReturnType<typeof toArrival>) {
  return { arrival, alias, files: files.map((file: FileToFetch) => ({ ...file })) };
}

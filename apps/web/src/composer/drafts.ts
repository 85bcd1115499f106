/** What somebody had begun to write in a conversation when they left it. */
export interface Draft {
  readonly text: string;
  readonly isNote: boolean;
}

/** The narrow part of localStorage that is used here. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export const EMPTY_DRAFT: Draft = { text: '', isNote: false };
/** Of more, the ones touched longest ago go. */
const DRAFTS_MAX = 50;

/** Drafts of one person on this device. A shelf that is full or forbidden only means that nothing is kept. */
export class Drafts {
  private readonly key: string;

  constructor(
    private readonly shelf: Shelf | null,
    userId: string,
  ) {
    this.key = `roost.drafts.${userId}`;
  }

  of(conversationId: string): Draft {
    return this.all().find(([id]) => id === conversationId)?.[1] ?? EMPTY_DRAFT;
  }

  keep(conversationId: string, draft: Draft): void {
    const others = this.all().filter(([id]) => id !== conversationId);
    const isEmpty = draft.text.trim() === '';
    const all = isEmpty ? others : [[conversationId, draft] as const, ...others].slice(0, DRAFTS_MAX);
    try {
      if (all.length === 0) this.shelf?.removeItem(this.key);
      else this.shelf?.setItem(this.key, JSON.stringify(all));
    } catch {
      // Full: the text is still in the field.
    }
  }

  /** Newest first. */
  private all(): readonly (readonly [string, Draft])[] {
    try {
      const kept: unknown = JSON.parse(this.shelf?.getItem(this.key) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isKept) : [];
    } catch {
      return [];
    }
  }
}

function isKept(entry: unknown): entry is readonly [string, Draft] {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false;
  const draft = entry[1] as Partial<Draft> | null;
  return typeof draft?.text === 'string' && typeof draft.isNote === 'boolean';
}

/** The browser's own; null where it is forbidden. */
export function deviceShelf(): Shelf | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

import type { Api } from '../session/api.ts';

/** The large parts of a message, which do not travel with its row. All throw RequestProblem. */
export interface MessageFiles {
  attachment(index: number): Promise<Blob>;
  source(): Promise<Blob>;
}

export function filesOf(api: Api, messageId: string): MessageFiles {
  const path = `/api/v1/messages/${encodeURIComponent(messageId)}`;
  return {
    attachment: async (index) => (await api.get(`${path}/attachments/${index}`)).blob(),
    source: async () => (await api.get(`${path}/source`)).blob(),
  };
}

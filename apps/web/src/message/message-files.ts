import type { Api } from '../session/api.ts';

/** The large parts of a message, which do not travel with its row. All throw RequestProblem. */
export interface MessageFiles {
  readonly messageId: string;
  attachment(index: number): Promise<Blob>;
  source(): Promise<Blob>;
  /** A picture on another server that the message names, fetched by ours. */
  remote(address: string): Promise<Blob>;
}

export function filesOf(api: Api, messageId: string): MessageFiles {
  const path = `/api/v1/messages/${encodeURIComponent(messageId)}`;
  return {
    messageId,
    attachment: async (index) => (await api.get(`${path}/attachments/${index}`)).blob(),
    source: async () => (await api.get(`${path}/source`)).blob(),
    remote: async (address) =>
      (await api.get(`${path}/remote-content?url=${encodeURIComponent(address)}`)).blob(),
  };
}

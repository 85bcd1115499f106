import { act, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RoostProvider } from '../index.ts';
import type { FakeClient } from './fake-client.ts';

/** Something on a page, below a provider. */
export interface Rendered {
  text(): string;
  /** Renders something else in its place. */
  again(children: ReactNode): void;
  unmount(): void;
}

export function renderWith(client: FakeClient, children: ReactNode): Rendered {
  const container = document.createElement('div');
  const root = createRoot(container);
  const again = (content: ReactNode) =>
    act(() =>
      root.render(
        <StrictMode>
          <RoostProvider client={client}>{content}</RoostProvider>
        </StrictMode>,
      ),
    );
  again(children);
  return { text: () => container.textContent ?? '', again, unmount: () => act(() => root.unmount()) };
}

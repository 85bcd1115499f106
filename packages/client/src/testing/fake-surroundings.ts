import type { Happening, Surroundings } from '../surroundings.ts';

/** A page that can be hidden and a device that can lose its network. */
export class FakeSurroundings implements Surroundings {
  private readonly listeners = new Set<(happening: Happening) => void>();
  visible = true;
  online = true;

  isVisible(): boolean {
    return this.visible;
  }

  isOnline(): boolean {
    return this.online;
  }

  watch(listener: (happening: Happening) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  get watcherCount(): number {
    return this.listeners.size;
  }

  hide(): void {
    this.visible = false;
  }

  show(): void {
    this.visible = true;
    this.tell('visible');
  }

  goOffline(): void {
    this.online = false;
    this.tell('offline');
  }

  goOnline(): void {
    this.online = true;
    this.tell('online');
  }

  private tell(happening: Happening): void {
    for (const listener of [...this.listeners]) listener(happening);
  }
}

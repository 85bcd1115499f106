const NOTES_HZ = [660, 880] as const;
const NOTE_S = 0.14;
const LOUDNESS = 0.06;

let context: AudioContext | null = null;

/** Two soft notes. A browser that lets nothing be heard before the first click stays silent. */
export function playSound(): void {
  try {
    context ??= new AudioContext();
    const start = context.currentTime;
    for (const [place, hz] of NOTES_HZ.entries()) note(context, hz, start + place * NOTE_S);
  } catch {
    // No sound here.
  }
}

function note(audio: AudioContext, hz: number, at: number): void {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hz;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_S * 1.6);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + NOTE_S * 1.7);
}

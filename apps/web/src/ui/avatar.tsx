/** Tones that the initials of a name may stand on; each at least 4.5:1 with its ink, light and dark. */
const TONES = [
  'bg-[light-dark(oklch(0.93_0.045_263),oklch(0.33_0.06_263))] text-[light-dark(oklch(0.4_0.14_263),oklch(0.86_0.07_263))]',
  'bg-[light-dark(oklch(0.93_0.05_160),oklch(0.33_0.05_160))] text-[light-dark(oklch(0.38_0.09_160),oklch(0.87_0.07_160))]',
  'bg-[light-dark(oklch(0.94_0.05_75),oklch(0.34_0.05_75))] text-[light-dark(oklch(0.42_0.1_70),oklch(0.88_0.07_80))]',
  'bg-[light-dark(oklch(0.94_0.04_20),oklch(0.34_0.06_20))] text-[light-dark(oklch(0.43_0.14_22),oklch(0.87_0.06_20))]',
  'bg-[light-dark(oklch(0.93_0.045_310),oklch(0.33_0.06_310))] text-[light-dark(oklch(0.42_0.14_310),oklch(0.86_0.07_310))]',
  'bg-[light-dark(oklch(0.93_0.04_210),oklch(0.33_0.05_210))] text-[light-dark(oklch(0.39_0.08_220),oklch(0.87_0.06_210))]',
] as const;

const SIZES = {
  sm: 'size-6 text-[0.6875rem]',
  md: 'size-9 text-[0.8125rem]',
  lg: 'size-14 text-lg',
} as const;

/** A face made of initials: the same name has the same colour everywhere. Decorative: the name stands beside it. */
export function Avatar({ name, size = 'md' }: { name: string; size?: keyof typeof SIZES }) {
  return (
    <span
      aria-hidden="true"
      className={`grid shrink-0 select-none place-items-center rounded-full font-medium ${SIZES[size]} ${TONES[toneOf(name)]}`}
    >
      {initialsOf(name)}
    </span>
  );
}

/** `Ann Lee` is `AL`, `ann@example.org` is `A`, `+49 30 123` is `#`. */
export function initialsOf(name: string): string {
  if (/^\+?[\d\s()-]+$/.test(name.trim())) return '#';
  const words = name
    .replace(/@.*$/, '')
    .split(/[\s._-]+/)
    .map((word) => word.replace(/[^\p{L}\p{N}]/gu, ''))
    .filter((word) => word !== '');
  const isAddress = name.includes('@');
  const shown = isAddress ? words.slice(0, 1) : [words[0], words.length > 1 ? words.at(-1) : undefined];
  const initials = shown.map((word) => [...(word ?? '')][0] ?? '').join('');
  return initials.toUpperCase() || '?';
}

function toneOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % TONES.length;
}

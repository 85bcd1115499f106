/** A bird on its perch. */
export function Logo({ size = 22 }: { size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 32 32"
      className="shrink-0 text-accent-ink"
    >
      <path
        fill="currentColor"
        d="M29 9.4 25.6 8A6.2 6.2 0 0 0 13.9 9.6L3 21.2c-.5.6-.1 1.5.7 1.4l6.1-.7c1.6 1 3.5 1.6 5.5 1.6 6 0 10.6-4.7 10.6-10.5v-1.6L29 10.3c.4-.2.4-.7 0-.9ZM20.3 10.4a1.3 1.3 0 1 1 0-2.6 1.3 1.3 0 0 1 0 2.6Z"
      />
      <path stroke="currentColor" d="M4 28h24" strokeWidth="2.4" strokeLinecap="round" />
    </svg>
  );
}

import { useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { ClipIcon } from '../ui/icons.tsx';

export function AttachButton({
  onFiles,
  isDisabled,
}: {
  onFiles: (files: readonly File[]) => void;
  isDisabled: boolean;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        look="quiet"
        className="px-2"
        disabled={isDisabled}
        aria-label="Attach files"
        title="Attach files; or paste them, or drop them here"
        onClick={() => input.current?.click()}
      >
        <ClipIcon />
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          // So that the same file can be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}

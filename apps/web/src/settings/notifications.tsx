import { useState } from 'react';
import { keepNotifySettings, useNotifySettings } from '../notify/settings.ts';
import { playSound } from '../notify/sound.ts';
import { Notice } from '../ui/notice.tsx';
import { Section } from './section.tsx';

/** How this device tells of what arrives while nobody looks. */
export function NotificationsSettings() {
  const { showsNotifications, playsSound } = useNotifySettings();
  const [problem, setProblem] = useState<string | null>(null);
  const allow = async (isOn: boolean) => {
    setProblem(null);
    if (!isOn) return keepNotifySettings({ showsNotifications: false });
    const answer = 'Notification' in globalThis ? await Notification.requestPermission() : 'denied';
    if (answer === 'granted') keepNotifySettings({ showsNotifications: true });
    else
      setProblem(
        'The browser does not allow notifications from this page. Allow them in its settings first.',
      );
  };
  return (
    <Section text="On this device, while the page is not in front. How many conversations wait stands in the title always.">
      <div className="grid gap-3">
        <Choice
          isOn={showsNotifications}
          onChange={(isOn) => void allow(isOn)}
          title="Desktop notifications"
          text="Who wrote, and the first words."
        />
        <Choice
          isOn={playsSound}
          onChange={(isOn) => {
            keepNotifySettings({ playsSound: isOn });
            if (isOn) playSound();
          }}
          title="A soft sound"
          text="Two notes, once for everything that comes at the same time."
        />
        {problem && <Notice tone="warn">{problem}</Notice>}
      </div>
    </Section>
  );
}

function Choice({
  isOn,
  onChange,
  title,
  text,
}: {
  isOn: boolean;
  onChange: (isOn: boolean) => void;
  title: string;
  text: string;
}) {
  return (
    <label className="flex cursor-pointer items-start gap-3 rounded-lg border border-line bg-surface p-3.5">
      <input
        type="checkbox"
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 accent-accent"
      />
      <span>
        <span className="block font-medium">{title}</span>
        <span className="block text-[0.8125rem] text-ink-3">{text}</span>
      </span>
    </label>
  );
}

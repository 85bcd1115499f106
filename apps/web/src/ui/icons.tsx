import type { ReactNode } from 'react';

function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0"
    >
      {children}
    </svg>
  );
}

export const CloseIcon = () => (
  <Icon>
    <path d="m4 4 8 8m0-8-8 8" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.25" />
    <path d="m10.25 10.25 3.25 3.25" />
  </Icon>
);

export const ClipIcon = () => (
  <Icon size={15}>
    <path d="M11.5 5.25v5.5a3.5 3.5 0 0 1-7 0v-6.5a2.25 2.25 0 0 1 4.5 0v6.25a1 1 0 0 1-2 0v-5.25" />
  </Icon>
);

export const BackIcon = () => (
  <Icon>
    <path d="M13 8H3.5m4-4.5L3 8l4.5 4.5" />
  </Icon>
);

export const UpIcon = () => (
  <Icon size={14}>
    <path d="M8 13V3.5m-4 4L8 3l4 4.5" />
  </Icon>
);

export const WarningIcon = () => (
  <Icon>
    <path d="M8 2.25 14.25 13H1.75L8 2.25ZM8 6.5v3m0 1.75v.01" />
  </Icon>
);

export const DownloadIcon = () => (
  <Icon>
    <path d="M8 2.5v7.5m-3.25-3L8 10.25 11.25 7M2.75 13.25h10.5" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon size={14}>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M10.5 5.5v-1.5A1.5 1.5 0 0 0 9 2.5H4A1.5 1.5 0 0 0 2.5 4v5A1.5 1.5 0 0 0 4 10.5h1.5" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon size={14}>
    <path d="m3 8.5 3.5 3.5L13 4.5" />
  </Icon>
);

export const PersonIcon = () => (
  <Icon>
    <circle cx="8" cy="5.5" r="2.75" />
    <path d="M2.75 13.5a5.25 5.25 0 0 1 10.5 0" />
  </Icon>
);

export const ChatIcon = () => (
  <Icon>
    <path d="M2.75 3.25h10.5v7.5H7l-3 2.5v-2.5H2.75z" />
  </Icon>
);

export const MailIcon = () => (
  <Icon>
    <rect x="2" y="3.5" width="12" height="9" rx="1.25" />
    <path d="m2.5 4.5 5.5 4.25 5.5-4.25" />
  </Icon>
);

export const PeopleIcon = () => (
  <Icon>
    <circle cx="6" cy="5.5" r="2.25" />
    <path d="M1.75 13a4.25 4.25 0 0 1 8.5 0M10.5 3.5a2.25 2.25 0 0 1 0 4M11.75 9.25A4.25 4.25 0 0 1 14.25 13" />
  </Icon>
);

export const ContactsIcon = () => (
  <Icon>
    <rect x="3" y="2" width="10.5" height="12" rx="1.25" />
    <circle cx="8.25" cy="6.25" r="1.6" />
    <path d="M5.75 11a2.5 2.5 0 0 1 5 0M1.5 5h2M1.5 8h2M1.5 11h2" />
  </Icon>
);

export const GearIcon = () => (
  <Icon>
    <path d="M2 4.5h6.5M11.5 4.5H14M2 11.5h2.5M7.5 11.5H14" />
    <circle cx="10" cy="4.5" r="1.5" />
    <circle cx="6" cy="11.5" r="1.5" />
  </Icon>
);

export const MenuIcon = () => (
  <Icon>
    <path d="M2.5 4.25h11M2.5 8h11M2.5 11.75h11" />
  </Icon>
);

export const MoreIcon = () => (
  <Icon>
    <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.25" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon size={14}>
    <circle cx="8" cy="8" r="5.75" />
    <path d="M8 4.75V8l2.25 1.5" />
  </Icon>
);

export const TagIcon = () => (
  <Icon>
    <path d="M2.5 2.5h5l6 6-5 5-6-6z" />
    <path d="M5.25 5.25h.01" strokeWidth="2" />
  </Icon>
);

export const ArchiveIcon = () => (
  <Icon>
    <path d="M2.25 3h11.5v2.75H2.25zM3.25 5.75V13h9.5V5.75M6.5 8.5h3" />
  </Icon>
);

export const SentIcon = () => (
  <Icon size={14}>
    <path d="m3 8.5 3.25 3.25L13 4.75" />
  </Icon>
);

export const DeliveredIcon = () => (
  <Icon size={14}>
    <path d="m1 8.5 3.25 3.25L10.5 5M7.5 11.25l.75.75L15 5" />
  </Icon>
);

export const SendIcon = () => (
  <Icon>
    <path d="M2.5 8 13.5 2.75 9.75 13.5 7.5 8.75zM7.5 8.75l6-6" />
  </Icon>
);

export const NoteIcon = () => (
  <Icon>
    <path d="M3 2.5h10v7l-3.5 4H3zM9.5 13.5v-4H13M5.5 5.5h5M5.5 8h3" />
  </Icon>
);

export const ReplyIcon = () => (
  <Icon size={14}>
    <path d="M6.5 4 2.5 8l4 4M2.5 8h7a4 4 0 0 1 4 4v.5" />
  </Icon>
);

export const PinIcon = () => (
  <Icon>
    <path d="M8 14s4.5-4.25 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.75 8 14 8 14z" />
    <circle cx="8" cy="6.5" r="1.5" />
  </Icon>
);

export const PlusIcon = () => (
  <Icon>
    <path d="M8 3v10M3 8h10" />
  </Icon>
);

export const DownIcon = () => (
  <Icon size={14}>
    <path d="m4 6 4 4 4-4" />
  </Icon>
);

export const PanelIcon = () => (
  <Icon>
    <rect x="2" y="3" width="12" height="10" rx="1.25" />
    <path d="M10 3v10" />
  </Icon>
);

export const BellIcon = () => (
  <Icon>
    <path d="M4.25 11V7a3.75 3.75 0 0 1 7.5 0v4l1 1H3.25zM6.75 13.75h2.5" />
  </Icon>
);

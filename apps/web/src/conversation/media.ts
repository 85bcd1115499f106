import type { MessagePart } from '@roost/protocol';

/** A part that is a file. */
export type FileOfMessage = Extract<MessagePart, { index: number | null }>;

/** What the page may show by itself; everything else is saved. Drawings in SVG can hold scripts. */
export const SHOWN_IMAGES = /^image\/(png|jpe?g|gif|webp|avif|bmp)$/i;
export const PLAYED = /^(audio|video)\/[\w.+-]+$/i;

/** Larger ones are loaded when somebody asks for them. */
export const LOADED_BY_ITSELF_MAX_BYTES = 8_000_000;

import type { Schedule } from './schedule.ts';

/** Schedules that went wrong once, by what was wrong. They run before any random one. */
export const seeds: Readonly<Record<string, Schedule>> = {};

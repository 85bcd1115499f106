import { z } from 'zod';

const PASSWORD_MIN_CHARS = 10;
export const PASSWORD_MAX_CHARS = 1024;

/** A password somebody chooses. */
export const newPasswordText = z
  .string('Choose a password.')
  .min(PASSWORD_MIN_CHARS, `A password has at least ${PASSWORD_MIN_CHARS} characters.`)
  .max(PASSWORD_MAX_CHARS, `A password has at most ${PASSWORD_MAX_CHARS} characters.`);

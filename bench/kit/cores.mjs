import { availableParallelism } from 'node:os';
import { findProgram } from '../../scripts/services/find.mjs';

const taskset = findProgram('taskset');

/** Whether server and load can have a core each; otherwise the figures say little, and the report says so. */
export const isPinned = taskset !== null && availableParallelism() >= 2;

const cores = { server: '0', load: '1' };

/**
 * The command that runs `program` on the core of its side. A server's threads stay on it too: what is compared is
 * what one core can do.
 *
 * @param {'server' | 'load' | 'anywhere'} side
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {[string, string[]]}
 */
export function onCore(side, program, args) {
  if (!isPinned || side === 'anywhere') return [program, [...args]];
  return [/** @type {string} */ (taskset), ['-c', cores[side], program, ...args]];
}

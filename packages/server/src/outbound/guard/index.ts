export { AddressRule, isRange } from './addresses.ts';
export { judgedLookup, judgeHost, Refused } from './judged-lookup.ts';

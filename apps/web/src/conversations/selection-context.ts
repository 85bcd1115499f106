import { createContext } from 'react';

/** Whether something is picked in the list: keys for one conversation then mean the selection. */
export const SelectionContext = createContext(false);

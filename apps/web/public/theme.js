// A file of its own, loaded before anything is painted, so that a chosen theme never flashes in the other one.
// The choice is written by src/ui/theme.ts.
try {
  const chosen = localStorage.getItem('roost.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; then the system's theme holds.
}

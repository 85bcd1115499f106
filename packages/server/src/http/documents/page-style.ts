/** Of the documents page; allowed by its digest, so that nothing else may style or run there. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#fafbfc, #111317);
  --surface: light-dark(#fff, #181b20);
  --line: light-dark(#dfe3e8, #2c3138);
  --ink: light-dark(#1c2026, #eef0f2);
  --ink-2: light-dark(#4b535d, #b3bac2);
  --accent: light-dark(#1f4fc4, #93b4ff);
  --soft: light-dark(#eef3fe, #1d2637);
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 0.9375rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, sans-serif;
}
a { color: var(--accent); text-underline-offset: 0.2em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; background: var(--surface); padding: 0.5rem; }
.columns { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav {
  position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.5rem 1rem 3rem 1.5rem;
  border-right: 1px solid var(--line); font-size: 0.8125rem;
}
nav h2 { margin: 1.25rem 0 0.25rem; font-size: 0.75rem; color: var(--ink-2); }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: 0.15rem 0; color: var(--ink); text-decoration: none; overflow-wrap: anywhere; }
nav li a:hover { color: var(--accent); text-decoration: underline; }
main { padding: 1.5rem clamp(1rem, 4vw, 3.5rem) 6rem; max-width: 62rem; }
h1 { font-size: 1.75rem; margin: 0 0 0.5rem; }
main h2 { font-size: 1.25rem; margin: 3rem 0 0.25rem; padding-top: 1rem; border-top: 1px solid var(--line); }
main h3 { font-size: 1rem; margin: 0 0 0.35rem; }
h4 { font-size: 0.8125rem; color: var(--ink-2); margin: 1.1rem 0 0.35rem; }
p { margin: 0.35rem 0; max-width: 46rem; }
article {
  background: var(--surface); border: 1px solid var(--line); border-radius: 0.6rem;
  padding: 1rem 1.25rem; margin: 1rem 0;
}
article:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
code { font-family: var(--mono); font-size: 0.86em; overflow-wrap: anywhere; }
p code, td > code { background: var(--soft); padding: 0.05em 0.3em; border-radius: 0.25rem; }
.address { font-family: var(--mono); font-size: 0.875rem; overflow-wrap: anywhere; }
.method { color: var(--accent); font-weight: 700; }
.note, .type { color: var(--ink-2); font-size: 0.8125rem; }
a.type { color: var(--accent); }
.name { font-weight: 600; font-size: 0.8125rem; }
.fields { list-style: none; margin: 0.25rem 0; padding: 0 0 0 0.85rem; border-left: 2px solid var(--line); }
.fields li { margin: 0.35rem 0; }
.fields p { margin: 0; font-size: 0.8125rem; color: var(--ink-2); }
.alternative + .alternative { margin-top: 0.5rem; padding-top: 0.5rem; border-top: 1px dashed var(--line); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.8125rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-top: 1px solid var(--line); }
tr:first-child > * { border-top: 0; }
th { font-weight: 600; white-space: nowrap; }
summary { cursor: pointer; color: var(--ink-2); font-size: 0.8125rem; margin-top: 1rem; }
@media (max-width: 52rem) {
  .columns { display: block; }
  nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--line); padding: 1rem; }
}
@media print { nav { display: none; } .columns { display: block; } }
`;

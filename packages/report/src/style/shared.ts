/** The style that the report and the laboratory's page share: the palette, and how claims look. */

/** Colours and faces: one accent; every text on its ground has a contrast of 4.5 or more (WCAG 2.2, 1.4.3). */
export const PALETTE = `
:root {
  --paper: #fbfaf7;
  --sheet: #ffffff;
  --ink: #1d2630;
  --quiet: #5a6672;
  --line: #dedad2;
  --accent: #0f5f68;
  --accent-tint: #e8f1f1;
  --bar-tint: #cfe0e1;
  --good: #1f6b3a;
  --good-tint: #eaf4ec;
  --caution: #805300;
  --caution-tint: #fbf3e0;
  --bad: #a12622;
  --bad-tint: #fbecea;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", "Book Antiqua", Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
  color-scheme: light;
}
`;

/** Claims and troubles, each under its mark, and what the marks mean. */
export const CLAIMS_STYLE = `
.meanings { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1.5rem; margin: 1.5rem 0; font-size: .9375rem; }
.meanings dd { margin: 0; }
.claims { margin: 0; padding: 0; list-style: none; }
.claims li { display: grid; grid-template-columns: 7rem 1fr; align-items: baseline; gap: .25rem 1rem; padding: .625rem 0; border-bottom: 1px solid var(--line); }
.claims p { margin: 0; overflow-wrap: anywhere; }
.claims small { display: block; }
.standing { font-size: .9375rem; font-weight: 600; color: var(--quiet); }
.standing.proven { color: var(--good); }
.standing.attested { color: var(--accent); }
.trouble .standing { color: var(--caution); }
@media (max-width: 36rem) {
  .claims li, .meanings { grid-template-columns: 1fr; }
}
`;

/** How a report looks: on a screen, a phone, and A4. No colour alone carries a meaning, and nothing is loaded. */
import { CLAIMS_STYLE, PALETTE } from '../style/shared.ts';

const TEXT = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.6 var(--sans); }
main, footer { max-width: 52rem; margin: 0 auto; padding: 0 1.5rem; min-width: 0; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.25; text-wrap: balance; }
h1 { margin: .25rem 0 .25rem; font-size: clamp(1.875rem, 1.3rem + 2.4vw, 2.75rem); letter-spacing: -.01em; }
h2 { margin: 0 0 1rem; font-size: 1.625rem; }
h3 { margin: 2rem 0 .5rem; font-size: 1.1875rem; }
h4 { margin: 1.5rem 0 .375rem; font-size: 1rem; font-weight: 600; }
p { margin: 0 0 .75rem; text-wrap: pretty; overflow-wrap: anywhere; }
a { color: var(--accent); }
small, .remark, .facts { color: var(--quiet); font-size: .9375rem; line-height: 1.45; }
code { font: .8125rem/1.5 var(--mono); overflow-wrap: anywhere; }
pre { margin: .5rem 0 1rem; padding: .875rem 1.125rem; overflow-x: auto; background: var(--accent-tint); border-radius: 6px; font: .8125rem/1.5 var(--mono); }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
section { margin-top: 3.5rem; padding-top: 2rem; border-top: 1px solid var(--line); }
#summary { margin-top: 0; padding-top: 0; border: 0; }
#summary h2 { margin-top: 2.5rem; }
#summary > p { font: 1.125rem/1.6 var(--serif); max-width: 44rem; }
footer { padding-top: 1.5rem; padding-bottom: 3rem; color: var(--quiet); font-size: .9375rem; }
footer p { margin: 3rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); }
`;

const FIRST_PAGE = `
header { padding-top: 3rem; }
.kind { margin: 0; color: var(--accent); font-size: .9375rem; font-weight: 600; letter-spacing: .02em; }
.subject { margin: 0; color: var(--quiet); font-size: 1.1875rem; }
.verdict { display: inline-block; margin: 1.5rem 0 0; padding: .5rem 1rem; border-left: 4px solid var(--caution); background: var(--caution-tint); color: var(--caution); font-weight: 600; }
.verdict.complete { border-color: var(--good); background: var(--good-tint); color: var(--good); }
.course { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 0; margin: 1.5rem 0 2rem; padding: 0; list-style: none; font-size: .875rem; line-height: 1.4; }
.course li { position: relative; padding: 1.375rem .5rem 0 0; border-top: 3px solid var(--line); }
.course li::before { content: ""; position: absolute; top: -.5625rem; left: 0; width: .9375rem; height: .9375rem; border: 3px solid var(--line); border-radius: 50%; background: var(--paper); }
.course .reached { border-color: var(--accent); }
.course .reached::before { border-color: var(--accent); background: var(--accent); }
.course .partly::before { border-color: var(--accent); }
.course .missed::before { border-color: var(--caution); }
.course li:last-child { border-color: transparent; }
.course .name { display: block; font-weight: 600; }
.course .when { color: var(--quiet); font-size: .8125rem; }
.course .ahead .name, .course .missed .name { font-weight: 400; color: var(--quiet); }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 0; margin: 0 0 1.75rem; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.figures div { display: flex; flex-direction: column-reverse; padding: 1rem 1rem 1rem 0; }
.figures dd { margin: 0; font: 600 clamp(1.375rem, .9rem + 1.8vw, 2rem)/1.2 var(--serif); font-variant-numeric: lining-nums tabular-nums; white-space: nowrap; }
.figures dt { color: var(--quiet); font-size: .9375rem; }
.figures .rowsLeft dd, .figures .columnsLeft dd { color: var(--accent); }
nav { margin-top: 2.5rem; padding: 1rem 1.5rem; background: var(--accent-tint); border-radius: 8px; }
nav ol { columns: 15rem; margin: 0; padding: 0; list-style: none; }
nav li { padding: .125rem 0; break-inside: avoid; }
`;

const TABLES = `
.scroll { overflow-x: auto; margin: 1.25rem 0 1.75rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: lining-nums tabular-nums; }
caption { padding: 0 0 .25rem; text-align: left; font-weight: 600; }
th, td { padding: .4375rem 1rem .4375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; font-weight: 400; }
thead th { color: var(--quiet); font-size: .875rem; border-color: var(--quiet); }
thead th small { display: block; font-size: .8125rem; }
.sum th, .sum td { font-weight: 600; border-bottom: 0; }
th.number, td.number { padding-right: 0; padding-left: 1rem; text-align: right; white-space: nowrap; }
th.mark, td.mark { width: 5.5rem; padding-right: 0; text-align: center; }
tbody th { overflow-wrap: anywhere; }
.none { color: var(--quiet); }
.matrix th[scope="row"] small { display: block; }
.matrix th, .matrix td { padding-top: .25rem; padding-bottom: .25rem; }
.names { columns: 13rem; column-gap: 1.5rem; margin: 0 0 1rem; padding: 0; list-style: none; font-size: .9375rem; line-height: 1.5; }
.names li { break-inside: avoid; overflow-wrap: anywhere; color: var(--quiet); }
article { margin-top: 2rem; }
article + article { margin-top: 3rem; padding-top: 1.5rem; border-top: 1px dotted var(--line); }
article h3 { margin-top: 0; font-size: 1.3125rem; }
.rows { display: flex; flex-wrap: wrap; gap: .25rem 2rem; margin: 0 0 .25rem; padding: 0; list-style: none; }
.rows li:first-child strong { color: var(--accent); }
.reasons { color: var(--quiet); font-size: .9375rem; }
.sentences { margin: 0 0 .75rem; padding: 0; list-style: none; }
.sentences.differ { padding: .75rem 1.25rem; border-left: 4px solid var(--caution); background: var(--caution-tint); }
`;

const CHART = `
.years { margin: 1.5rem 0; }
.years figcaption { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .25rem 1.5rem; font-weight: 600; }
.legend { font-weight: 400; font-size: .9375rem; color: var(--quiet); }
.key { display: inline-block; width: .75rem; height: .75rem; margin: 0 .375rem 0 .75rem; border: 1px solid var(--accent); }
.key.left { background: var(--accent); }
.key.stayed { background: var(--bar-tint); }
.chart { display: block; overflow: visible; margin-top: .5rem; font: .8125rem var(--sans); }
.chart .left { fill: var(--accent); }
.chart .stayed { fill: var(--bar-tint); stroke: var(--accent); stroke-width: 1px; }
.chart .grid { stroke: var(--line); }
.chart .ground { stroke: var(--quiet); }
.chart text { fill: var(--quiet); }
.numbers { columns: 12.5rem; column-gap: 2rem; margin: .75rem 0 .5rem; padding: 0; list-style: none; font-size: .875rem; line-height: 1.5; font-variant-numeric: lining-nums tabular-nums; }
.numbers li { display: grid; grid-template-columns: 3.5rem 1fr 1fr; gap: .5rem; break-inside: avoid; }
.numbers .left, .numbers .stayed { text-align: right; }
.numbers .left { color: var(--accent); font-weight: 600; }
.numbers .stayed { color: var(--quiet); }
`;

const LISTS = `
.steps { margin: 1rem 0 0; padding: 0; list-style: none; }
.steps li { display: grid; grid-template-columns: 11.5rem 1fr; gap: 0 1.5rem; padding: .625rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.steps p { margin: 0; }
.steps .when { color: var(--quiet); font-size: .9375rem; font-variant-numeric: lining-nums tabular-nums; }
.steps .what { font-weight: 600; }
.steps .detail, .again { overflow-wrap: anywhere; }
.steps .who { color: var(--quiet); font-size: .9375rem; }
.steps .marked .what { color: var(--caution); }
.persons, .files { margin: .5rem 0 0; padding: 0; list-style: none; }
.persons li, .files li { padding: .5rem 0; border-bottom: 1px solid var(--line); break-inside: avoid; }
.persons code, .files code { display: block; color: var(--quiet); }
.trouble .standing { color: var(--caution); }
.fingerprint { margin: 1.25rem 0; padding: 1rem 1.5rem; background: var(--accent-tint); border-radius: 8px; break-inside: avoid; }
.fingerprint p { margin: 0; }
.fingerprint .label { font-weight: 600; }
.groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(3.75rem, 1fr)); gap: .25rem .75rem; max-width: 34rem; font: 600 1.125rem/1.5 var(--mono); }
.ways { padding-left: 1.5rem; }
.ways li { padding-left: .25rem; }
.sheet { padding: 1.25rem 1.75rem 1.5rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; font-size: .9375rem; line-height: 1.5; overflow-wrap: anywhere; }
.sheet h3 { margin: 0; }
.sheet ul { margin: 0 0 .75rem; padding-left: 1.25rem; }
.sheet .short { columns: 11rem; column-gap: 1.5rem; }
.sheet p { margin-bottom: .375rem; }
.glossary { margin: 0; }
.glossary div { display: grid; grid-template-columns: 11.5rem 1fr; gap: 0 1.5rem; padding: .375rem 0; break-inside: avoid; }
.glossary dt { font-weight: 600; }
.glossary dd { margin: 0; }
`;

const NARROW = `
@media (max-width: 40rem) {
  main, footer { padding-left: 1.125rem; padding-right: 1.125rem; }
  header { padding-top: 1.5rem; }
  .course { grid-auto-flow: row; }
  .course li, .course li:last-child { padding: 0 0 1rem 1.5rem; border-top: 0; border-left: 3px solid var(--line); margin-left: .5rem; }
  .course li.reached { border-color: var(--accent); }
  .course li:last-child { border-color: transparent; padding-bottom: 0; }
  .course li::before { top: .125rem; left: -.5625rem; }
  .course .name { display: inline; }
  .figures { grid-template-columns: 1fr 1fr; }
  .figures div { padding: .625rem .5rem .625rem 0; }
  .steps li, .glossary div { grid-template-columns: 1fr; }
  th, td { padding-right: .5rem; }
  th.number, td.number { padding-left: .5rem; }
  thead th { font-size: .8125rem; }
  th.mark, td.mark { width: 3.125rem; }
  thead th.mark { font-size: .6875rem; hyphens: auto; }
  .course .when br { display: none; }
  table { font-size: .9375rem; }
  .sheet { padding: 1rem 1.125rem; }
}
`;

const PAPER = `
@page { size: A4; margin: 18mm 18mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; color: #5a6672; } }
@media print {
  :root { --paper: #ffffff; }
  html { font-size: 9.5pt; }
  body { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, footer { max-width: none; padding: 0; }
  header { padding-top: 0; }
  nav { display: none; }
  #summary > p { max-width: none; }
  table.plain { break-inside: avoid; }
  section { margin-top: 1.75rem; padding-top: 1.25rem; }
  h2, h3, h4, caption, figcaption { break-after: avoid; }
  p { orphans: 3; widows: 3; }
  tr, .claims li, .years, .rows, pre { break-inside: avoid; }
  .scroll { overflow: visible; margin: .75rem 0 1.25rem; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 8pt; }
  th, td { padding-top: .25rem; padding-bottom: .25rem; }
  #instructions { break-before: page; }
  .sheet { padding: 0; border: 0; font-size: 8.5pt; }
}
`;

/** The whole style. */
export const REPORT_STYLE: string = [PALETTE, TEXT, FIRST_PAGE, TABLES, CHART, LISTS, CLAIMS_STYLE, NARROW, PAPER].join(
  '',
);

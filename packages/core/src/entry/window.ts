/** Windows: which dates belong to the migration, and how they are written (doc/format.md section 7). */

export type { Bound, DateFault, DateRule, JoinedWindows, Window } from '../dataset.ts';
export { type CellDate, compileDateFormat, type DateFormat } from '../date-format.ts';
export type { DayForm } from '../date-pattern.ts';
export { type CompiledWindow, compileWindow, joinVerdicts, type WindowVerdict, windowsOf } from '../window.ts';

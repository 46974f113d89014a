/** Days of the calendar as numbers. */
export { dateOfDay, yearOfDay } from '../calendar.ts';

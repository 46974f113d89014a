/** What unattended work tells people: alerts, the hooks that carry them, and the heartbeat whose silence shows. */
export { isAlerted, type ToldAlert } from './alert.ts';
export { type AlertHooks, alertHooksFile, readAlertHooks } from './alert-hooks.ts';
export { type Heartbeat, readHeartbeat, writeHeartbeat } from './heartbeat.ts';

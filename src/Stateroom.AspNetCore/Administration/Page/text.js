// Numbers, sizes and times as an operator reads them.

const count = new Intl.NumberFormat('en');
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });
const steps = [[86_400, 'd'], [3_600, 'h'], [60, 'min'], [1, 's']];

export const number = (value) => count.format(value);
export const time = (date) => clock.format(date);
export const moment = (text) => exact.format(new Date(text));
export const plural = (value, noun) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

export function bytes(value) {
  return value < 1024 ? `${value} B` : value < 1024 ** 2 ? `${(value / 1024).toFixed(1)} KiB` : `${(value / 1024 ** 2).toFixed(1)} MiB`;
}

/** How long it is from one moment to a later one: the largest unit, and hours with their minutes. */
export function span(from, to) {
  const seconds = Math.max(0, Math.round((new Date(to) - new Date(from)) / 1000));
  const [size, unit] = steps.find(([least]) => seconds >= least) ?? [1, 's'];
  const rest = unit === 'h' ? Math.floor((seconds % 3_600) / 60) : unit === 'd' ? Math.floor((seconds % 86_400) / 3_600) : 0;
  return `${Math.floor(seconds / size)} ${unit}${rest ? ` ${rest} ${unit === 'h' ? 'min' : 'h'}` : ''}`;
}

export const ago = (then, now) => (new Date(now) - new Date(then) < 1_500 ? 'just now' : `${span(then, now)} ago`);

/** MaxSessionsPerTenant → Sessions; a name of somebody's own is taken apart. */
export function limitName(name) {
  const known = { MaxSessionsPerTenant: 'Sessions', RequestBurstPerTenant: 'Request burst', MaxCallsPerTenant: 'Running calls', MaxStreamsPerTenant: 'Open streams' };
  return known[name] ?? name.replace(/^Max|PerTenant$/g, '').replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

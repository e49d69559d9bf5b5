// What is shown: instances, tenants with their use of the limits, and sessions, of which it ends those that it is told to.
import { Table, bar, el, name } from './table.js';
import { Pager } from './pager.js';
import { confirmEnding } from './confirm.js';
import { ago, bytes, limitName, moment, number, plural, span } from './text.js';

const find = (id) => document.getElementById(id);
const anonymous = () => el('i', 'anonymous');
const pageSize = 50;

export class Board {
  #ties;
  #api;
  #now;
  #tenants = [];
  #chosen = {};
  #search = '';
  #tables = {
    instances: new Table(find('instances'), 'Instances', (instance) => instance.id),
    tenants: new Table(find('tenants'), 'Tenants', (tenant) => tenant.path),
    sessions: new Table(find('sessions'), 'Sessions', (session) => session.reference),
  };

  #pages;

  /** @param ties look() loads anew, say(text) tells of what was done, lost(error) is for a key that is refused */
  constructor(ties) {
    this.#ties = ties;
    this.#pages = { tenants: new Pager(find('tenants'), 'tenants', ties.look), sessions: new Pager(find('sessions'), 'sessions', ties.look) };
    let typing;
    find('search').addEventListener('input', (event) => {
      clearTimeout(typing);
      typing = setTimeout(() => this.#look({ search: event.target.value.trim() }), 250);
    });
    find('era').addEventListener('change', () => this.#look({}));
    find('tenant-filter').addEventListener('input', () => this.#showTenants());
    find('end-all').addEventListener('click', () => this.#endAll());
  }

  /** Loads everything and shows it; gives the time that it is from. */
  async load(api, signal) {
    this.#api = api;
    const { tenant, owner } = this.#chosen;
    const [instances, tenants, sessions] = await Promise.all([
      api.instances(signal),
      api.tenants({ limit: pageSize, cursor: this.#pages.tenants.cursor }, signal),
      api.sessions({ tenant: tenant?.path, owner, search: this.#search, era: find('era').value, limit: pageSize, cursor: this.#pages.sessions.cursor }, signal),
    ]);
    this.#now = sessions.at;
    this.#tenants = tenants.data.tenants;
    this.#pages.tenants.found(tenants.data.nextCursor);
    this.#pages.sessions.found(sessions.data.nextCursor);
    this.#showInstances(instances.data.instances);
    this.#showTenants();
    this.#showSessions(sessions.data.sessions);
    this.#showFigures(instances.data.instances.length);
    return this.#now;
  }

  /** Forgets all that was shown. */
  clear() {
    this.#api = undefined;
    this.#tenants = [];
    this.#chosen = {};
    this.#search = find('search').value = find('era').value = find('tenant-filter').value = '';
    Object.values(this.#tables).forEach((table) => table.show([], [], ''));
    Object.values(this.#pages).forEach((pager) => pager.first());
    find('figures').replaceChildren();
    this.#showChosen();
  }

  #look({ search = this.#search, chosen = this.#chosen }) {
    this.#search = search;
    this.#chosen = chosen;
    this.#pages.sessions.first();
    this.#showChosen();
    this.#showTenants();
    this.#ties.look();
  }

  #showFigures(instances) {
    const all = this.#tenants.reduce((sum, tenant) => sum + tenant.sessions, 0);
    const more = this.#pages.tenants.isWhole ? '' : '+';
    const limits = this.#tenants.flatMap((tenant) => tenant.limits);
    const closest = this.#tenants.flatMap((tenant) => tenant.limits.map((limit) => ({ tenant, limit, share: limit.used / limit.maximum })))
      .reduce((most, one) => (one.share > (most?.share ?? 0) ? one : most), undefined);
    const figures = [
      ['Instances', number(instances)],
      ['Tenants', number(this.#tenants.length) + more],
      ['Sessions', number(all) + more],
      ...['MaxCallsPerTenant', 'MaxStreamsPerTenant'].filter((limit) => limits.some((use) => use.limit === limit))
        .map((limit) => [limitName(limit), number(limits.filter((use) => use.limit === limit).reduce((sum, use) => sum + use.used, 0)) + more]),
      ['Closest to a limit', closest ? [`${Math.floor(closest.share * 100)} % `, el('small', closest.tenant.tenant === undefined ? anonymous() : name(closest.tenant.tenant), ` · ${limitName(closest.limit.limit)}`)] : '–'],
    ];
    find('figures').replaceChildren(...figures.map(([title, figure]) => el('div', el('dt', title), el('dd', ...[figure].flat()))));
  }

  #showInstances(instances) {
    this.#tables.instances.show([
      { title: 'Instance', cell: (i) => [el('code', i.id), i.answers ? el('span.tag', 'answers you') : null] },
      { title: 'Host', cell: (i) => name(i.host) },
      { title: 'Version', cell: (i) => (i.version ? el('code', i.version.replace(/\+(.{7}).*/, '+$1'), { title: i.version }) : '–') },
      { title: 'Up', kind: 'number', cell: (i) => el('time', span(i.startedAt, this.#now), { datetime: i.startedAt, title: `since ${moment(i.startedAt)}` }) },
    ], instances, 'No instance says that it is alive.');
  }

  #showTenants() {
    const wanted = find('tenant-filter').value.trim().toLowerCase();
    const shown = this.#tenants.filter((t) => !wanted || (t.tenant ?? 'anonymous').toLowerCase().includes(wanted) || t.fingerprint.startsWith(wanted));
    const limits = [...new Set(this.#tenants.flatMap((t) => t.limits.map((limit) => limit.limit)))];
    this.#tables.tenants.show([
      {
        title: 'Tenant',
        cell: (t) => [
          el('button.link', t.tenant === undefined ? anonymous() : name(t.tenant), {
            type: 'button', 'aria-pressed': String(this.#chosen.tenant?.path === t.path), title: 'Show its sessions alone',
            click: () => this.#look({ chosen: this.#chosen.tenant?.path === t.path ? {} : { tenant: t } }),
          }),
          el('code.faint', t.fingerprint),
        ],
      },
      ...limits.map((limit) => ({ title: limitName(limit), kind: 'usage', cell: (t) => this.#use(t, limit) })),
    ], shown, this.#tenants.length ? `No tenant of this page is called like “${wanted}”.` : 'No tenant has a session.');
  }

  #use(tenant, limit) {
    const use = tenant.limits.find((one) => one.limit === limit);
    return use ? bar(use.used, use.maximum, limitName(limit), number) : '–';
  }

  #showSessions(sessions) {
    const filtered = this.#search || this.#chosen.tenant || find('era').value;
    this.#tables.sessions.show([
      { title: 'Session', cell: (s) => [el('code', s.reference.slice(0, 12), { title: s.reference }), el('span.faint', s.era)] },
      {
        title: 'Owner',
        cell: (s) => [
          s.owner === undefined ? anonymous() : el('button.link', name(s.owner), { type: 'button', title: 'Show the sessions of this owner alone', click: () => this.#look({ chosen: { tenant: { path: s.tenantPath, tenant: s.tenant }, owner: s.owner } }) }),
          s.tenant === undefined ? null : name(s.tenant, 'bdi.faint'),
        ],
      },
      { title: 'Client', cell: (s) => (s.client ? [name(s.client.name ?? 'without a name'), el('span.faint', name(s.client.version ?? ''), ` ${s.client.protocolVersion}`)] : el('span.faint', 'tells with each request')) },
      { title: 'Last used', kind: 'number', cell: (s) => el('time', ago(s.lastActiveAt, this.#now), { datetime: s.lastActiveAt, title: moment(s.lastActiveAt) }) },
      { title: 'Open since', kind: 'number', cell: (s) => el('time', span(s.createdAt, this.#now), { datetime: s.createdAt, title: moment(s.createdAt) }) },
      { title: 'Ends in', kind: 'number', cell: (s) => el('time', span(this.#now, s.expiresAt), { datetime: s.expiresAt, title: `${moment(s.expiresAt)}, unless it is used again` }) },
      { title: 'State', kind: 'number', cell: (s) => bytes(s.stateBytes) },
      { title: 'Streams', cell: streams },
      { title: 'End', kind: 'act', cell: (s) => el('button.danger', 'End', { type: 'button', 'aria-label': `End session ${s.reference.slice(0, 12)}`, click: () => this.#end(s) }) },
    ], sessions, !this.#pages.sessions.isLast ? 'None so far. The next page looks further.' : filtered ? 'No session fits.' : 'No session is open.');
  }

  #showChosen() {
    const { tenant, owner } = this.#chosen;
    const chip = (what, text, then) => el('button.chip', `${what} `, text === undefined ? anonymous() : name(text), el('span', ' ×', { 'aria-hidden': 'true' }), { type: 'button', title: 'Show others too', click: () => this.#look({ chosen: then }) });
    find('chips').replaceChildren(...[tenant && chip('tenant', tenant.tenant, {}), owner && chip('owner', owner, { tenant })].filter(Boolean));
    find('end-all').hidden = !tenant;
    find('end-all').textContent = owner ? 'End all of this owner …' : 'End all of this tenant …';
  }

  async #end(session) {
    const whose = `${session.owner ?? 'somebody anonymous'}${session.tenant === undefined ? '' : ` (${session.tenant})`}`;
    if (await confirmEnding(`End session ${session.reference.slice(0, 12)}?`, `It is a session of ${whose}. Its calls are cancelled, its streams closed and its state is gone, at every instance and for good.`)) {
      await this.#do(() => this.#api.end(session), () => `Session ${session.reference.slice(0, 12)} is over.`);
    }
  }

  async #endAll() {
    const { tenant, owner } = this.#chosen;
    const of = owner ?? tenant.tenant ?? 'anonymous callers';
    const sure = await confirmEnding(
      `End all sessions of ${of}?`,
      `${owner ? `These are the sessions of one owner at ${tenant.tenant}.` : 'These are the sessions of all owners of the tenant.'} Whatever is shown here of them, all are ended, for good. Whoever has a valid credential can open new ones.`,
      { word: owner === undefined });
    if (sure) {
      await this.#do(() => this.#api.endAll(tenant.path, owner), ({ data }) => `${plural(data.ended, 'session')} of ${of} ended.`);
    }
  }

  async #do(act, done) {
    try {
      this.#ties.say(done(await act()));
    } catch (error) {
      if (error.status === 401 || error.status === 403) {
        this.#ties.lost(error);
        return;
      }

      this.#ties.say(error.status === 404 ? 'It was over already.' : `That failed: ${error.message}`);
    }

    this.#ties.look();
  }
}

function streams(session) {
  const kinds = Map.groupBy(session.streams, (stream) => stream.kind);
  const tags = [...kinds].map(([kind, all]) => el('span.tag', all.length > 1 ? `${kind} × ${all.length}` : kind, { title: `at ${[...new Set(all.map((stream) => stream.instance))].join(', ')}` }));
  return tags.length ? tags : el('span.faint', '–');
}

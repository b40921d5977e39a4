/* Tables, in the page and as CSV. */
(kit => {
  'use strict';

  const el = kit.element;

  /*
   * A cell is { raw, text }: the value for the CSV, and as displayed. content, an array of nodes
   * and texts, replaces the text. kind is 'words', 'ko' or another style.
   */
  const cell = {
    whole: count => ({ raw: count, text: kit.whole(count) }),
    failed: count => ({ raw: count, text: kit.whole(count), kind: count > 0 ? 'ko' : undefined }),
    figure: value => known(value, kit.figure),
    tokens: value => known(value, kit.tokens),
    percent: value => known(value, kit.percent),
    rate: value => known(value, kit.rate),
    words: (raw, content) => ({ raw: raw, content: content || [raw], kind: 'words' }),
    lines: texts => cell.words(texts.join('\n'), texts.map(words => el('p', {}, [words]))),
    none: { raw: null, text: '–' }
  };
  kit.cell = cell;

  function known(value, format) {
    return value === null || value === undefined ? cell.none : { raw: value, text: format(value) };
  }

  /* A statistic of a summary; null if it is a percentile beyond which not one sample is expected. */
  kit.statistic = (summary, key) => {
    const share = /^p\d\d+$/.test(key) ? Number('0.' + key.slice(1)) : 0;
    return share > 0 && summary.count * (1 - share) < 1 - 1e-9 ? null : summary[key];
  };

  /* The value at a path such as metrics.ttft.p50; null if there is none. */
  kit.at = (data, path) => path.split('.')
    .reduce((part, name) => part == null ? null : kit.statistic(part, name), data) ?? null;

  /* The label of a figure that the data describes: { label, unit }. */
  kit.labelOf = figure => figure.label.charAt(0).toUpperCase() + figure.label.slice(1)
    + (figure.unit === 'ms' ? ' (ms)' : '');

  /* The options of a fork; of which benchmark it is, and where its runner listens, are not among them. */
  const optionsOf = text => String(text ?? '').replace(/ -(of|forked) \S+/g, '').split(/ (?=-)/);
  const without = (these, those) => optionsOf(these).filter(option => !optionsOf(those).includes(option)).join(' ');

  /* What else was asked of which server. A run records what was set or has a default, unless it records nothing. */
  kit.changedLoad = (before, now) => {
    const loadOf = run => ({ model: run.model, injection: [].concat(run.injection ?? []).join('; '), ...run.settings });
    const [from, to] = [before, now].map(loadOf);
    if (from.benchmark !== undefined && to.benchmark !== undefined) {
      [from.benchmark, to.benchmark] = [without(from.benchmark, to.benchmark), without(to.benchmark, from.benchmark)];
    }
    const names = before.settings && now.settings ? new Set(Object.keys(from).concat(Object.keys(to))) : ['model', 'injection'];
    const stated = value => value ?? 'not set';
    return Array.from(names).filter(name => String(stated(from[name])) !== String(stated(to[name])))
      .map(name => name + ' ' + stated(from[name]) + ' → ' + stated(to[name]));
  };

  /* Columns and cells of figures that the data lists: { group, name, unit, path, better }. */
  kit.figureColumns = figures => figures.map(figure => ({
    group: figure.group ? kit.labelOf({ label: figure.group, unit: figure.unit }) : undefined,
    name: figure.name,
    unit: !figure.group && figure.unit === 's' ? figure.unit : undefined
  }));
  kit.figureCells = (figures, data) => figures.map(figure => {
    const value = kit.at(data, figure.path);
    const bad = ['totals.ko', 'totals.failedPercent'].includes(figure.path) && value > 0;
    const format = { '%': cell.percent, ms: cell.figure, s: cell.figure }[figure.unit] || cell.tokens;
    return bad ? { ...format(value), kind: 'ko' } : format(value);
  });

  function cellElement(cell) {
    const look = cell.kind === 'words' ? 'llm-words' : cell.kind ? 'value llm-' + cell.kind : 'value';
    const span = cell.span ? { colspan: cell.span } : {};
    return el('td', Object.assign({ class: look }, span), cell.content || [cell.text]);
  }

  function rowElement(row, columns, absent) {
    const explained = row.words === undefined ? [] : [' ', el('small', {}, [row.words])];
    const name = row.content || [row.href === undefined ? row.name : el('a', { href: row.href }, [row.name])];
    const label = el('th', { class: 'llm-label', scope: 'row' }, name.concat(explained));
    return el('tr', row.look ? { class: row.look } : {}, row.cells === null
      ? [label, el('td', { colspan: columns - 1 }, [kit.absent(absent)])]
      : [label].concat(row.cells.map(cellElement)));
  }

  kit.absent = (why = kit.NOT_REPORTED) => el('span', { class: 'llm-missing' }, [why]);

  function heading(column, attributes) {
    const unit = column.unit ? [el('small', {}, [column.unit])] : [];
    const sorted = column.sorted ? { 'aria-sort': column.sorted } : {};
    const name = column.sort ? el('button', { class: 'llm-sort', type: 'button' }, [column.name]) : column.name;
    name.addEventListener?.('click', column.sort);
    return el('th', Object.assign({ class: 'header', scope: 'col' }, sorted, attributes), [name].concat(unit));
  }

  /* Neighbours of one group share a heading above their own. */
  function headings(columns) {
    const grouped = columns.filter(column => column.group);
    if (grouped.length === 0) {
      return [el('tr', {}, columns.map(column => heading(column)))];
    }
    const above = [];
    columns.forEach(column => {
      const last = above[above.length - 1];
      if (column.group && last?.group === column.group) {
        last.span++;
      } else {
        above.push({ group: column.group, column: column, span: 1 });
      }
    });
    return [
      el('tr', {}, above.map(cell => cell.group
        ? heading({ name: cell.group }, { colspan: cell.span, scope: 'colgroup' })
        : heading(cell.column, { rowspan: 2 }))),
      el('tr', {}, grouped.map(column => heading(column)))
    ];
  }

  function asRows(table) {
    const names = table.columns.map(column => (column.group ? column.group + ' ' : '') + column.name
      + (column.unit ? ' (' + column.unit + ')' : ''));
    return [names].concat(table.rows.map(row =>
      [row.name].concat((row.cells || []).map(cell => cell.raw))));
  }

  /*
   * A section with a table. columns: { name, unit, group }, the first for the rows' names; rows: {
   * name, content, words, href, look, cells }, cells is null if nothing was reported, or for the reason that
   * absent says. A column that the reader can sort by has sort, called to do so, and sorted, 'ascending' or
   * 'descending', if it is. narrow: a table of few columns that does not fill the width. tools: more buttons.
   */
  kit.table = table => {
    const csv = kit.csvButton(() => table.id, table.title, () => asRows(table));
    return kit.section(table.id, table.title, 'llm-table', [
      kit.header(table.id, table.title, (table.tools || []).concat([csv])),
      el('div', { class: 'llm-scroll', tabindex: '0', role: 'region', 'aria-label': table.title }, [
        el('table', { class: table.narrow ? 'llm-narrow' : '', 'aria-label': table.title }, [
          el('thead', {}, headings(table.columns)),
          el('tbody', {}, table.rows.map(row => rowElement(row, table.columns.length, table.absent)))
        ])
      ])
    ].concat(table.below === undefined ? [] : [el('p', { class: 'llm-caption' }, [table.below])]));
  };
})(Llm);

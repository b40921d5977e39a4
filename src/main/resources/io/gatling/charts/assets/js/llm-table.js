/* A table of the Tokens tab, in the look of Gatling's own: what it says, as page and as CSV. */
(function (tab) {
  'use strict';

  const el = tab.element;

  /* A cell is { raw, text }: the figure itself, for the CSV, and as people read it. */
  tab.cell = {
    whole: function (count) { return { raw: count, text: tab.whole(count) }; },
    failed: function (count) { return { raw: count, text: tab.whole(count), failed: count > 0 }; },
    figure: function (value) { return known(value, tab.figure); },
    tokens: function (value) { return known(value, tab.tokens); },
    percent: function (value) { return known(value, tab.percent); },
    rate: function (value) { return known(value, tab.rate); },
    lines: function (texts) { return { raw: texts.join('\n'), text: '', lines: texts }; },
    none: { raw: null, text: '–' }
  };

  function known(value, format) {
    return value === null || value === undefined ? tab.cell.none : { raw: value, text: format(value) };
  }

  function cellElement(cell) {
    return cell.lines
      ? el('td', { class: 'llm-words' }, cell.lines.map(function (words) { return el('p', {}, [words]); }))
      : el('td', { class: cell.failed ? 'value llm-ko' : 'value' }, [cell.text]);
  }

  function rowElement(row, columns) {
    const explained = row.words === undefined ? [] : [' ', el('small', {}, [row.words])];
    const name = row.href === undefined ? row.name : el('a', { href: row.href }, [row.name]);
    const label = el('th', { class: 'llm-label', scope: 'row' }, [name].concat(explained));
    return el('tr', {}, row.cells === null
      ? [label, el('td', { colspan: columns - 1 }, [tab.absent()])]
      : [label].concat(row.cells.map(cellElement)));
  }

  tab.absent = function () {
    return el('span', { class: 'llm-missing' }, [tab.NOT_REPORTED]);
  };

  function heading(text, attributes) {
    return el('th', Object.assign({ class: 'header', scope: 'col' }, attributes), [text]);
  }

  /* Neighbours of one group share a heading above their own. */
  function headings(columns) {
    if (!columns.some(function (column) { return column.group; })) {
      return [el('tr', {}, columns.map(function (column) { return heading(column.name); }))];
    }
    const above = [];
    columns.forEach(function (column) {
      const last = above[above.length - 1];
      if (column.group && last && last.group === column.group) {
        last.span++;
      } else {
        above.push({ group: column.group, name: column.name, span: 1 });
      }
    });
    return [
      el('tr', {}, above.map(function (cell) {
        return cell.group
          ? heading(cell.group, { colspan: cell.span, scope: 'colgroup' })
          : heading(cell.name, { rowspan: 2 });
      })),
      el('tr', {}, columns.filter(function (column) { return column.group; })
        .map(function (column) { return heading(column.name); }))
    ];
  }

  function asRows(table) {
    const names = table.columns.map(function (column) {
      return column.group ? column.group + ' ' + column.name : column.name;
    });
    return [names].concat(table.rows.map(function (row) {
      return [row.name].concat((row.cells || []).map(function (cell) { return cell.raw; }));
    }));
  }

  /*
   * A section with a table. columns: { name, group }, the first for the rows' names; rows: { name,
   * words, href, cells }, cells null where nothing was reported. narrow: of few columns, which the
   * page's width would tear apart.
   */
  tab.table = function (table) {
    const look = 'statistics-in extensible-geant' + (table.narrow ? ' llm-narrow' : '');
    const csv = tab.csvButton(table.id, table.title, function () { return asRows(table); });
    return el('section', {
      id: table.id,
      class: 'statistics extensible-geant llm-table',
      'data-menu': table.menu || table.title
    }, [
      tab.header(table.id, table.title, [csv]),
      el('div', { class: 'llm-scroll', tabindex: '0', role: 'region', 'aria-label': table.title }, [
        el('table', { class: look }, [
          el('caption', { class: 'llm-unseen' }, [table.title]),
          el('thead', {}, headings(table.columns)),
          el('tbody', {}, table.rows.map(function (row) {
            return rowElement(row, table.columns.length);
          }))
        ])
      ])
    ].concat(table.below === undefined ? [] : [el('p', { class: 'llm-caption' }, [table.below])]));
  };
})(LlmTokens);

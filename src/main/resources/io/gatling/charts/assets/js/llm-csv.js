/* Tables and charts as CSV files, made in the page: it may have come from a disk, without a server. */
(function (kit) {
  'use strict';

  /* A text that a spreadsheet would take for a formula is marked as text; figures stay as they are. */
  function cell(value) {
    if (value === null || value === undefined) {
      return '';
    }
    if (typeof value === 'number') {
      return String(value);
    }
    const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  /* RFC 4180, and a byte-order mark, by which spreadsheets know UTF-8. */
  kit.csv = rows => '\ufeff' + rows.map(row => row.map(cell).join(',') + '\r\n').join('');

  function save(name, rows) {
    const url = URL.createObjectURL(new Blob([kit.csv(rows)], { type: 'text/csv;charset=utf-8' }));
    const link = kit.element('a', { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => { URL.revokeObjectURL(url); }, 10000);
  }

  /* The rows are asked for when the button is pressed. */
  kit.csvButton = (id, title, rows) => {
    const button = kit.element('button', {
      class: 'llm-button llm-csv',
      type: 'button',
      title: 'Save as CSV',
      'aria-label': 'Save as CSV: ' + title
    }, ['CSV']);
    button.addEventListener('click', () => { save(id + '.csv', rows()); });
    return button;
  };
})(Llm);

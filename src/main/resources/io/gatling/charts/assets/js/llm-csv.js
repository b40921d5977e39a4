/* Tables and charts as CSV files, made in the page, which may be open from a disk without a server. */
(function (kit) {
  'use strict';

  /* Marks a text that a spreadsheet would take for a formula as text. Numbers stay unchanged. */
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

  /* RFC 4180, with a byte-order mark so that spreadsheets read UTF-8. */
  kit.csv = rows => '\ufeff' + rows.map(row => row.map(cell).join(',') + '\r\n').join('');

  function save(name, rows) {
    const url = URL.createObjectURL(new Blob([kit.csv(rows)], { type: 'text/csv;charset=utf-8' }));
    const link = kit.element('a', { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => { URL.revokeObjectURL(url); }, 10000);
  }

  /* rows is a function, called when the button is pressed. */
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

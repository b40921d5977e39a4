/* Parts of all pages: the data, boxes with a heading, CSV files, and the frame of standalone pages. */
(kit => {
  'use strict';

  const el = kit.element;

  kit.data = () => JSON.parse(document.getElementById('llm-data').textContent);

  kit.header = (id, title, tools) => el('div', { class: 'llm-header' }, [
    el('h2', {}, [
      el('span', { class: 'llm-title' }, [title]),
      el('a', { class: 'llm-anchor', href: '#' + id, 'aria-label': 'Link to ' + title }, ['#'])
    ]),
    el('div', { class: 'llm-tools' }, tools)
  ]);

  /* More options than these are a list to choose from. */
  const MOST_BUTTONS = 6;

  function list(label, options, selected, choose) {
    const chooser = el('select', { class: 'llm-button', 'aria-label': label },
      options.map((option, index) => el('option', { value: index }, [option])));
    chooser.selectedIndex = selected;
    chooser.addEventListener('change', () => choose(chooser.selectedIndex));
    return chooser;
  }

  /* A choice of one option, as a row of buttons or a list. */
  kit.choice = (label, options, selected, choose) => {
    if (options.length > MOST_BUTTONS) {
      return list(label, options, selected, choose);
    }
    const buttons = options.map(option => el('button', { class: 'llm-button', type: 'button' }, [option]));
    const press = index => buttons.forEach((button, other) => { button.ariaPressed = other === index; });
    buttons.forEach((button, index) => {
      button.addEventListener('click', () => {
        press(index);
        choose(index);
      });
    });
    press(selected);
    return el('div', { class: 'llm-choice', role: 'group', 'aria-label': label }, buttons);
  };

  /* The name of a section in the menu: its title without the unit. */
  kit.menuName = title => title.replace(/ \([^()]*\)$/, '');

  /* A box that the menu names. */
  kit.section = (id, title, look, content) =>
    el('section', { id: id, class: 'llm-box ' + look, 'data-menu': kit.menuName(title) }, content);

  /* A box with a heading and any content. */
  kit.box = (id, title, content) => kit.section(id, title, '', [kit.header(id, title, []), content]);

  /* Findings of one text together. */
  function byText(findings) {
    const groups = new Map();
    findings.forEach((finding, index) => {
      const key = finding.level + finding.text;
      groups.set(key, [...groups.get(key) || [], { ...finding, number: index + 1 }]);
    });
    return [...groups.values()];
  }

  /* Warnings and notes: { level, text, about }. about, if any, names what the finding is about. */
  kit.findings = (id, title, findings) => findings.length === 0 ? [] : [
    kit.box(id, title, el('ul', { class: 'llm-findings' }, byText(findings).map(group => el('li', {
      class: 'llm-' + group[0].level
    }, [
      ...group.flatMap(({ number, about }, index) => [
        index === 0 ? '' : '; ', el('b', { id: id + '-' + number }, [about === undefined ? '' : '(' + number + ') ' + about]), about !== undefined && index === group.length - 1 ? ': ' : ''
      ]),
      group[0].text
    ]))))
  ];

  const LEVELS = { good: '✓', doubtful: '!', bad: '✗' };

  /* The words of a level, for eyes and for screen readers. */
  kit.verdictMark = level => el('span', { class: 'llm-level llm-verdict-' + level, role: 'img', 'aria-label': level }, [
    LEVELS[level] ?? '?'
  ]);

  /* Where the page shows what a reason of the verdict is about. */
  const EVIDENCE = {
    objectives: 'tokens-goodput',
    failures: 'tokens-failures',
    trend: 'tokens-ttft-over-time',
    cache: 'tokens-cache-over-time',
    'load-generator': 'tokens-client',
    care: 'tokens-findings'
  };

  function evidence(reason) {
    return EVIDENCE[reason.kind] === undefined ? el('b', {}, [reason.title])
      : el('a', { class: 'llm-evidence', href: '#' + EVIDENCE[reason.kind] }, [reason.title]);
  }

  /* Links of the verdict to sections that the page does not have become text. */
  kit.dropDeadLinks = () => {
    document.querySelectorAll('.llm-evidence').forEach(link => {
      if (document.getElementById(link.getAttribute('href').slice(1)) === null) {
        link.replaceWith(el('b', {}, [link.textContent]));
      }
    });
  };

  /* The verdict on a run: did it hold, if not why, can one trust it. */
  kit.verdict = verdict => el('section', {
    id: 'tokens-verdict',
    class: 'llm-verdict llm-verdict-' + verdict.level,
    'aria-label': 'Verdict',
    'data-menu': 'Verdict'
  }, [
    el('h2', {}, [kit.verdictMark(verdict.level), ' ' + kit.unbroken(verdict.text)]),
    el('ul', {}, verdict.reasons.map(reason => el('li', {}, [
      kit.verdictMark(reason.level), ' ', evidence(reason), ': ' + reason.text
    ])))
  ]);

  /*
   * Tables and charts as CSV files, made in the page, which may be open from a disk without a server.
   * A text that a spreadsheet would take for a formula is marked as text; numbers stay unchanged.
   */
  function cell(value) {
    if (value == null || typeof value === 'number') {
      return String(value ?? '');
    }
    const text = /^[=+\-@\t\r]/.test(value) ? "'" + value : value;
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  /* RFC 4180, with a byte-order mark so that spreadsheets read UTF-8. */
  kit.csv = rows => '\ufeff' + rows.map(row => row.map(cell).join(',') + '\r\n').join('');

  function save(name, rows) {
    const url = URL.createObjectURL(new Blob([kit.csv(rows)], { type: 'text/csv;charset=utf-8' }));
    const link = el('a', { href: url, download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => { URL.revokeObjectURL(url); }, 10000);
  }

  /* name and rows are functions, called when the button is pressed. */
  kit.csvButton = (name, title, rows) => {
    const words = { title: 'Save as CSV', 'aria-label': 'Save as CSV: ' + title };
    const button = el('button', { class: 'llm-button llm-csv', type: 'button', ...words }, ['CSV']);
    button.addEventListener('click', () => { save(name() + '.csv', rows()); });
    return button;
  };

  /* A standalone page: heading, theme button, sections and their charts. about tells its title from
     those of others of its kind. */
  kit.page = (title, subtitle, sections, about) => {
    const root = document.documentElement;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => { root.dataset.theme = dark.matches ? 'dark' : 'light'; };
    const toggle = kit.element('button', { class: 'llm-button', type: 'button' }, ['Switch theme']);
    toggle.addEventListener('click', () => {
      root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    });
    follow();
    dark.addEventListener('change', follow);
    document.getElementById('llm-unscripted').remove();
    document.title = about ? title + ', ' + about : title;
    document.body.append(
      el('header', {}, [el('h1', {}, [title]), el('p', { class: 'llm-quiet' }, [subtitle]), toggle]),
      el('main', { class: 'llm-content' }, sections));
    kit.dropDeadLinks();
    kit.drawCharts?.();
    document.getElementById(location.hash.slice(1))?.scrollIntoView();
  };
})(Llm);

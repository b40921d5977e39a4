/* Parts of all pages: the data, boxes with a heading, and the frame of standalone pages. */
(function (kit) {
  'use strict';

  const el = kit.element;

  kit.data = () => JSON.parse(document.getElementById('llm-data').textContent);

  function withAddress(id, title) {
    return [
      el('span', { class: 'llm-title' }, [title]),
      el('a', { class: 'llm-anchor', href: '#' + id, 'aria-label': 'Link to ' + title }, ['#'])
    ];
  }

  kit.header = (id, title, tools) => el('div', { class: 'llm-header' }, [
    el('h2', {}, withAddress(id, title)),
    el('div', { class: 'llm-tools' }, tools)
  ]);

  /* A choice of one option, as a row of buttons. */
  kit.choice = (label, options, selected, choose) => {
    const buttons = options.map(option => el('button', { class: 'llm-button', type: 'button' }, [option]));
    function press(index) {
      buttons.forEach((button, other) => {
        button.setAttribute('aria-pressed', String(other === index));
      });
    }
    buttons.forEach((button, index) => {
      button.addEventListener('click', () => {
        press(index);
        choose(index);
      });
    });
    press(selected);
    return el('div', { class: 'llm-choice', role: 'group', 'aria-label': label }, buttons);
  };

  /* A box with a heading and any content. */
  kit.box = (id, title, content, menu) => el('section', {
    id: id, class: 'llm-box', 'data-menu': menu || title
  }, [kit.header(id, title, []), content]);

  /* Warnings and notes: { level, text, about }. about, if any, names what the finding is about. */
  kit.findings = (id, title, findings) => findings.length === 0 ? [] : [
    kit.box(id, title, el('ul', { class: 'llm-findings' }, findings.map((finding, index) => el('li', {
      id: id + '-' + (index + 1),
      class: 'llm-' + finding.level
    }, (finding.about ? [el('b', {}, [finding.about]), ': '] : []).concat([finding.text])))))
  ];

  /* A standalone page: heading, theme button, sections and their charts. */
  kit.page = (title, subtitle, sections) => {
    const root = document.documentElement;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => { root.dataset.theme = dark.matches ? 'dark' : 'light'; };
    const toggle = kit.element('button', { class: 'llm-button', type: 'button' }, ['Dark or light']);
    toggle.addEventListener('click', () => {
      root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
    });
    follow();
    dark.addEventListener('change', follow);
    document.title = title;
    document.body.append(
      el('header', {}, [el('h1', {}, [title]), el('p', { class: 'llm-quiet' }, [subtitle]), toggle]),
      el('main', { class: 'llm-content' }, sections));
    if (kit.drawCharts) {
      kit.drawCharts();
    }
    const target = document.getElementById(location.hash.slice(1));
    if (target !== null) {
      target.scrollIntoView();
    }
  };
})(Llm);

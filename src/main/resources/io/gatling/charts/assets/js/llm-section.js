/* What every chart and table has: a heading with its address, room for choices, a name in the menu. */
(function (tab) {
  'use strict';

  const el = tab.element;

  function withAddress(id, title) {
    return [
      el('span', { class: 'llm-title' }, [title]),
      el('a', { class: 'llm-anchor', href: '#' + id, 'aria-label': 'Link to ' + title }, ['#'])
    ];
  }

  tab.header = function (id, title, tools) {
    return el('div', { class: 'llm-header' }, [
      el('h2', {}, withAddress(id, title)),
      el('div', { class: 'llm-tools' }, tools)
    ]);
  };

  /* One of several, as a row of buttons. */
  tab.choice = function (label, options, selected, choose) {
    const buttons = options.map(function (option) {
      return el('button', { class: 'llm-button', type: 'button' }, [option]);
    });
    function press(index) {
      buttons.forEach(function (button, other) {
        button.setAttribute('aria-pressed', String(other === index));
      });
    }
    buttons.forEach(function (button, index) {
      button.addEventListener('click', function () {
        press(index);
        choose(index);
      });
    });
    press(selected);
    return el('div', { class: 'llm-choice', role: 'group', 'aria-label': label }, buttons);
  };
})(LlmTokens);

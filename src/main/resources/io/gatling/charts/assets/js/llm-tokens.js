/* The Tokens tab: beside Gatling's own tabs, opened by #tokens or a section of it. */
(function (tab) {
  'use strict';

  const el = tab.element;

  tab.sameName = function (one, other) {
    const plain = function (name) { return name.replace(/\s+/g, ' ').trim(); };
    return plain(one) === plain(other);
  };

  /* The data is one page's: a page of another name must not show it. */
  function belongsHere(data) {
    const selected = document.querySelector('.container .nav li.on .nav-label');
    return data.request === null
      ? selected === null
      : selected !== null && tab.sameName(selected.textContent, data.request);
  }

  function panelOf(data, charts) {
    const boxes = charts.map(function (chart) { return chart.schema; });
    return el('div', { id: 'tokens', class: 'llm-tokens llm-hidden' }, [tab.figures(data)].concat(
      tab.findings(data),
      boxes.length === 0 ? [] : [el('div', { class: 'llm-charts' }, boxes)],
      tab.tables(data),
      [tab.runInfo(data.run), tab.definitions(data)]));
  }

  /* On the index page the left menu lists the sections of what is shown. */
  function menuOf(panel) {
    const sections = Array.from(panel.querySelectorAll('[data-menu]'));
    return el('ul', { class: 'llm-hidden' }, sections.map(function (section) {
      return el('li', {}, [
        el('a', { class: 'item', href: '#' + section.id }, [
          el('span', { class: 'nav-label' }, [section.dataset.menu])
        ])
      ]);
    }));
  }

  function visible(element, whether) {
    element.classList.toggle('llm-hidden', !whether);
  }

  tab.install = function () {
    const data = JSON.parse(document.getElementById('llm-tokens-data').textContent);
    if (!belongsHere(data)) {
      console.warn('The token figures of "' + data.request + '" belong to another page');
      return;
    }
    const gatling = document.querySelector('.content-in > .container-article');
    const gatlingMenu = document.querySelector('.container > .nav > ul');
    const gatlingTab = document.querySelector('.sous-menu-spacer > .ouvert');
    const charts = tab.charts(data);
    const panel = panelOf(data, charts);
    const link = el('a', { id: 'llm-tokens-tab', href: '#tokens' }, ['Tokens']);
    const item = el('div', { class: 'item' }, [link]);
    const menu = data.request === null ? menuOf(panel) : null;
    let drawn = false;

    gatling.after(panel);
    gatlingTab.parentElement.append(item);
    if (menu !== null) {
      gatlingMenu.after(menu);
    }

    /* From request to request, the tab stays open. */
    function keepOpen(open) {
      gatlingMenu.querySelectorAll('a.item').forEach(function (page) {
        const href = page.getAttribute('href').replace(/#tokens$/, '');
        page.setAttribute('href', open ? href + '#tokens' : href);
      });
    }

    function show(open) {
      visible(panel, open);
      visible(gatling, !open);
      item.classList.toggle('ouvert', open);
      gatlingTab.classList.toggle('ouvert', !open);
      if (open) {
        link.setAttribute('aria-current', 'page');
      } else {
        link.removeAttribute('aria-current');
      }
      if (menu === null) {
        keepOpen(open);
      } else {
        visible(menu, open);
        visible(gatlingMenu, !open);
      }
      if (open && !drawn) {
        drawn = true;
        charts.forEach(function (chart) { chart.draw(); });
      }
      if (!open) {
        window.dispatchEvent(new Event('resize'));
      }
    }

    function follow() {
      const target = /^#tokens(-[a-z-]+)?$/.test(location.hash)
        ? document.getElementById(location.hash.slice(1))
        : null;
      const open = target !== null;
      if (open === panel.classList.contains('llm-hidden')) {
        show(open);
      }
      if (open && target !== panel) {
        target.scrollIntoView();
      }
    }

    gatlingTab.querySelector('a').addEventListener('click', function (event) {
      if (item.classList.contains('ouvert')) {
        event.preventDefault();
        location.hash = '';
      }
    });
    window.addEventListener('hashchange', follow);
    new MutationObserver(tab.redrawCharts).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme']
    });
    tab.printLight();
    /* Gatling's charts take their size when they are drawn: hide them only after that. */
    setTimeout(follow, 0);
  };
})(LlmTokens);

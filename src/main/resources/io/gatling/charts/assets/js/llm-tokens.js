/* The Tokens tab: beside Gatling's own tabs, opened by #tokens or a section of it. */
(function (kit) {
  'use strict';

  const el = kit.element;

  kit.sameName = (one, other) => {
    const plain = name => name.replace(/\s+/g, ' ').trim();
    return plain(one) === plain(other);
  };

  /* Every chart that the data can fill, in the order of the page. */
  function chartsOf(data) {
    return [
      kit.latencyByTurn, kit.ttftByInput,
      kit.latencyOverTime, kit.tokensOverTime,
      kit.responsesOverTime, kit.cacheOverTime,
      kit.cacheByTurn, kit.percentileCurves,
      kit.latencyDistribution, kit.tokenDistribution
    ].map(chart => chart(data)).filter(frame => frame !== null);
  }

  /* The data belongs to one page; a page of another name must not show it. */
  function belongsHere(data) {
    const selected = document.querySelector('.container .nav li.on .nav-label');
    return data.request === null
      ? selected === null
      : selected !== null && kit.sameName(selected.textContent, data.request);
  }

  function sectionsOf(data, charts) {
    return [kit.figures(data)].concat(
      kit.findings('tokens-findings', 'Findings', data.notes || []),
      charts.length === 0 ? [] : [kit.charts(charts)],
      kit.tables(data),
      [kit.runInfo(data.run), kit.definitions(data)]);
  }

  /* The content of the tab as a standalone page. */
  kit.tokensPage = () => {
    const data = kit.data();
    kit.page((data.run.simulation || 'Run').split('.').pop(), [kit.moment(data.run.start), data.run.model]
      .filter(word => word !== null).join(', '), sectionsOf(data, chartsOf(data)));
  };

  /* On the index page the left menu lists the sections of what is shown. */
  function menuOf(panel) {
    const sections = Array.from(panel.querySelectorAll('[data-menu]'));
    return el('ul', { class: 'llm-hidden' }, sections.map(section => el('li', {}, [
      el('a', { class: 'item', href: '#' + section.id }, [
        el('span', { class: 'nav-label' }, [section.dataset.menu])
      ])
    ])));
  }

  function visible(element, whether) {
    element.classList.toggle('llm-hidden', !whether);
  }

  kit.install = () => {
    const data = kit.data();
    if (!belongsHere(data)) {
      console.warn('The token figures of "' + data.request + '" belong to another page');
      return;
    }
    const gatling = document.querySelector('.content-in > .container-article');
    const gatlingMenu = document.querySelector('.container > .nav > ul');
    const gatlingTab = document.querySelector('.sous-menu-spacer > .ouvert');
    const charts = chartsOf(data);
    const panel = el('div', { id: 'tokens', class: 'llm-content llm-tokens llm-hidden' },
      sectionsOf(data, charts));
    const link = el('a', { id: 'llm-tokens-tab', href: '#tokens' }, ['Tokens']);
    const item = el('div', { class: 'item' }, [link]);
    const menu = data.request === null ? menuOf(panel) : null;
    let drawn = false;

    gatling.after(panel);
    gatlingTab.parentElement.append(item);
    if (menu !== null) {
      gatlingMenu.after(menu);
    }

    /* Keeps the tab open from request to request. */
    function keepOpen(open) {
      gatlingMenu.querySelectorAll('a.item').forEach(page => {
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
        kit.drawCharts();
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

    gatlingTab.querySelector('a').addEventListener('click', event => {
      if (item.classList.contains('ouvert')) {
        event.preventDefault();
        location.hash = '';
      }
    });
    window.addEventListener('hashchange', follow);
    /* Gatling's charts take their size when they are drawn, so hide them later. */
    setTimeout(follow, 0);
  };
})(Llm);
